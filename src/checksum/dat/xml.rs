//! This module knows catalogues in XML, as Logiqx defined them and as others have stretched them since.

use super::source::{self, Place, Source};
use super::title::{File, Title};
use super::{DatError, Entry, Header};
use quick_xml::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::io::{self, Read};

pub(super) const DEPTH: usize = 16;
pub(super) const VALUE_BYTES: usize = 64 << 10;
/// A tag has a dozen.
const ATTRIBUTES: usize = 256;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Header,
    Name,
    Version,
    Title,
    Other,
}

/// Elements that hold files. Those of MAME's own lists are among them.
const TITLES: [&str; 4] = ["game", "machine", "software", "set"];

pub(super) fn visit<R: Read>(source: Source<R>, visitor: &mut dyn FnMut(Entry)) -> Result<Header, DatError> {
    let mut reader = Reader::from_reader(source);
    reader.config_mut().expand_empty_elements = true;
    let mut parser = Parser { visitor, header: Header::default(), open: Vec::new(), title: None, root: None };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        reader.get_mut().begin_item();
        let event = reader.read_event_into(&mut buffer);
        let place = reader.get_ref().place();
        match event {
            Ok(Event::Eof) => return parser.finish(),
            Ok(event) => parser.hear(event, place)?,
            Err(error) => return Err(explained(&error, place)),
        }
    }
}

fn explained(error: &quick_xml::Error, Place { line, byte }: Place) -> DatError {
    use quick_xml::Error;
    match error {
        Error::Io(cause) => {
            source::known(cause).unwrap_or_else(|| DatError::Io(io::Error::new(cause.kind(), cause.clone())))
        }
        Error::Syntax(_)
        | Error::IllFormed(_)
        | Error::InvalidAttr(_)
        | Error::Encoding(_)
        | Error::Escape(_)
        | Error::Namespace(_) => DatError::Malformed { line, byte, problem: error.to_string() },
    }
}

struct Parser<'v> {
    visitor: &'v mut dyn FnMut(Entry),
    header: Header,
    /// What is open, and the line where it begins.
    open: Vec<(Element, u64)>,
    title: Option<Title>,
    /// Name of the outermost element.
    root: Option<String>,
}

impl Parser<'_> {
    fn hear(&mut self, event: Event<'_>, place: Place) -> Result<(), DatError> {
        match event {
            Event::Start(tag) => self.start(&tag, place),
            Event::End(_) => {
                if let Some((Element::Title, _)) = self.open.pop()
                    && let Some(title) = self.title.take()
                {
                    title.finish(self.visitor);
                }
                Ok(())
            }
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let whole = format!("&{name};");
                self.text(&escape::unescape(&whole).unwrap_or_else(|_| whole.as_str().into()))
            }
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {
                Ok(())
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, place: Place) -> Result<(), DatError> {
        let Place { line, .. } = place;
        if self.open.len() >= DEPTH {
            return Err(DatError::TooDeep { line, limit: DEPTH });
        }
        let name = tag.local_name();
        let element = match (self.open.last(), name.as_ref()) {
            (None, _) => {
                self.root.get_or_insert_with(|| name.as_ref().chars().take(40).collect());
                Element::Other
            }
            (_, "header") => Element::Header,
            (Some((Element::Header, _)), "name") => Element::Name,
            (Some((Element::Header, _)), "version") => Element::Version,
            (_, name) if TITLES.contains(&name) && self.title.is_none() => {
                let mut title = String::new();
                attributes(tag, place, &mut |word, value| {
                    if word == "name" {
                        value.clone_into(&mut title);
                    }
                })?;
                self.title = Some(Title::new(title));
                Element::Title
            }
            (_, "rom") => {
                if let Some(title) = &mut self.title {
                    let mut file = File::default();
                    attributes(tag, place, &mut |word, value| file.set(word, value))?;
                    title.add(file, self.visitor);
                }
                Element::Other
            }
            (_, _) => Element::Other,
        };
        self.open.push((element, line));
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), DatError> {
        let Some((element, line)) = self.open.last() else { return Ok(()) };
        let told = match element {
            Element::Name => &mut self.header.name,
            Element::Version => &mut self.header.version,
            Element::Header | Element::Title | Element::Other => return Ok(()),
        };
        told.push_str(text);
        match told.len() > VALUE_BYTES {
            true => Err(DatError::TooLong { line: *line, limit: VALUE_BYTES }),
            false => Ok(()),
        }
    }

    fn finish(self) -> Result<Header, DatError> {
        match (self.open.last(), self.root) {
            (Some((_, line)), _) => Err(DatError::Truncated { line: *line }),
            (None, Some(root)) if ["datafile", "mame", "softwarelist", "softwarelists"].contains(&root.as_str()) => {
                Ok(self.header)
            }
            (None, Some(root)) => Err(DatError::NotACatalogue { found: format!("<{root}>") }),
            (None, None) => Err(DatError::NotACatalogue { found: "no element of XML".to_owned() }),
        }
    }
}

/// Hands each attribute to `each`, its entities resolved; those that are not XML's own stay as they are.
fn attributes(
    tag: &BytesStart<'_>,
    Place { line, byte }: Place,
    each: &mut dyn FnMut(&str, &str),
) -> Result<(), DatError> {
    // The check for doubles takes the square of their number.
    for (count, attribute) in tag.attributes().with_checks(false).enumerate() {
        let attribute = attribute.map_err(|error| DatError::Malformed { line, byte, problem: error.to_string() })?;
        if attribute.value.len() > VALUE_BYTES {
            return Err(DatError::TooLong { line, limit: VALUE_BYTES });
        }
        if count >= ATTRIBUTES {
            let problem = format!("a tag with more than {ATTRIBUTES} attributes");
            return Err(DatError::Malformed { line, byte, problem });
        }
        let value = escape::unescape(&attribute.value);
        each(attribute.key.local_name().as_ref(), value.as_deref().unwrap_or(&attribute.value));
    }
    Ok(())
}
