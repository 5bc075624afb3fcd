//! This module knows the command `man`.

use std::path::PathBuf;

use crate::cli::arguments::definition;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::run::Session;

/// Write the manual pages
///
/// One page for discwright and one for each of its commands, into FOLDER; without it, one page to standard output.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright man rip | man -l -
  discwright man -o man/")]
pub struct Args {
    /// The command whose page to write; default: discwright itself
    #[arg(value_name = "COMMAND", num_args = 0.., conflicts_with = "output")]
    pub command: Vec<String>,
    /// Folder for all pages
    #[arg(short, long, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
}

/// A page and the name that it has as a file, without its section.
struct Page {
    name: String,
    roff: Vec<u8>,
}

pub fn run(args: &Args, session: &Session) -> Outcome {
    let mut pages = Vec::new();
    let mut whole = definition().disable_help_subcommand(true);
    whole.build();
    collect(&whole, "", &mut pages).map_err(|e| Failure::new(Exit::Failed, format!("cannot make the pages: {e}")))?;
    match &args.output {
        Some(folder) => {
            for page in &pages {
                let path = folder.join(format!("{}.1", page.name));
                std::fs::write(&path, &page.roff)
                    .map_err(|e| Failure::new(Exit::Failed, format!("cannot write {}: {e}", path.display())))?;
            }
            Ok(Report::ok(format!("{} pages written", pages.len())))
        }
        None => {
            let name = std::iter::once("discwright").chain(args.command.iter().map(String::as_str));
            let name = name.collect::<Vec<_>>().join("-");
            let page = pages.iter().find(|p| p.name == name).ok_or_else(|| {
                Failure::new(Exit::Usage, format!("there is no command {:?}", args.command.join(" ")))
                    .hint("discwright --help lists the commands")
            })?;
            session.write_document(&page.roff)?;
            Ok(Report::ok("written"))
        }
    }
}

/// The page of `command` and those of its subcommands.
fn collect(command: &clap::Command, parent: &str, into: &mut Vec<Page>) -> std::io::Result<()> {
    let name =
        if parent.is_empty() { command.get_name().to_owned() } else { format!("{parent}-{}", command.get_name()) };
    let mut roff = Vec::new();
    let shown = command.clone().disable_help_subcommand(true).display_name(&name);
    clap_mangen::Man::new(shown)
        .title(name.to_uppercase())
        .section("1")
        .source(concat!("discwright ", env!("CARGO_PKG_VERSION")))
        .manual("discwright")
        .render(&mut roff)?;
    into.push(Page { name: name.clone(), roff: with_usual_headings(roff) });
    for below in command.get_subcommands().filter(|c| c.get_name() != "help" && !c.is_hide_set()) {
        collect(below, &name, into)?;
    }
    Ok(())
}

/// What stands behind the options is examples, in the words that manual pages have for them.
fn with_usual_headings(roff: Vec<u8>) -> Vec<u8> {
    match String::from_utf8(roff) {
        Ok(text) => {
            text.replace(".SH EXTRA\nExamples:", ".SH EXAMPLES").replace(".SH EXTRA\n", ".SH NOTES\n").into_bytes()
        }
        Err(error) => error.into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_has_a_page_with_examples() {
        let mut pages = Vec::new();
        let mut whole = definition().disable_help_subcommand(true);
        whole.build();
        collect(&whole, "", &mut pages).unwrap();
        let names: Vec<_> = pages.iter().map(|p| p.name.as_str()).collect();
        for name in ["discwright", "discwright-rip", "discwright-trace-record", "discwright-man"] {
            assert!(names.contains(&name), "{names:?}");
        }
        // What the program alone calls.
        assert!(!names.contains(&"discwright-virtual-serve"), "{names:?}");
        let of_groups = ["discwright-trace", "discwright-virtual"];
        for page in pages.iter().filter(|p| !of_groups.contains(&p.name.as_str())) {
            let text = String::from_utf8(page.roff.clone()).unwrap();
            assert!(text.contains(".SH EXAMPLES") || text.contains("Examples:"), "{}", page.name);
            assert!(!text.contains(".SH EXTRA"), "{}", page.name);
        }
    }
}
