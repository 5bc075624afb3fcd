//! This module knows what to say of a drive in software that cannot be attached, or not be taken away.

use super::causes;
use crate::attachment::{AttachError, DetachError};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::linux::tcmu::TargetError;
use crate::linux::tcmu::modules::ModuleError;

const AS_ROOT: &str = "run it as root: sudo discwright virtual ..";

pub fn attach_failure(error: &AttachError) -> Failure {
    match error {
        AttachError::NotRoot => Failure::new(Exit::Unavailable, error.to_string())
            .hint(AS_ROOT)
            .hint("without root, `virtual:` in the place of DRIVE is the same drive for this program alone"),
        AttachError::Module(module) => module_failure(module),
        AttachError::Target(target) => target_failure(target),
        AttachError::InUse { by, .. } => Failure::new(Exit::Refused, error.to_string())
            .hint(format!("`discwright virtual detach {}` takes that one away", by.number)),
        AttachError::Register { source, .. } | AttachError::Uio { source, .. } | AttachError::Unheard(source) => {
            Failure::new(Exit::Failed, format!("{error}: {source}"))
        }
        AttachError::Serve(_) => failed(error),
    }
}

pub fn detach_failure(error: &DetachError) -> Failure {
    match error {
        DetachError::NotRoot => Failure::new(Exit::Unavailable, error.to_string()).hint(AS_ROOT),
        DetachError::NoSuchDrive(_) => {
            Failure::new(Exit::Unavailable, error.to_string()).hint("`discwright virtual list` lists them")
        }
        DetachError::Target(target) => target_failure(target),
        DetachError::Serve(serve) => attach_failure(serve),
        DetachError::Process { source, .. } | DetachError::Register(source) => {
            Failure::new(Exit::Failed, format!("{error}: {source}"))
        }
    }
}

fn failed(error: &dyn std::error::Error) -> Failure {
    let failure = Failure::new(Exit::Failed, error.to_string());
    match causes(error) {
        Some(causes) => failure.detail(causes),
        None => failure,
    }
}

fn module_failure(error: &ModuleError) -> Failure {
    match error {
        ModuleError::Missing { .. } => Failure::new(Exit::Unavailable, error.to_string())
            .hint("an ordinary kernel of Debian, Fedora or Arch has it; those made for clouds and containers do not")
            .hint("on Ubuntu: apt install linux-modules-extra-$(uname -r)")
            .hint("in a kernel of your own: CONFIG_TARGET_CORE, CONFIG_TCM_USER2, CONFIG_LOOPBACK_TARGET, CONFIG_BLK_DEV_SR"),
        ModuleError::NoModprobe { source, .. } => {
            Failure::new(Exit::Unavailable, format!("{error}: {source}")).hint("it comes with the package kmod")
        }
    }
}

fn target_failure(error: &TargetError) -> Failure {
    match error {
        TargetError::NoConfigfs { source, .. } => Failure::new(Exit::Unavailable, format!("{error}: {source}"))
            .hint("the kernel needs CONFIG_CONFIGFS_FS; a container may lack the right to mount"),
        TargetError::Step { source, .. } => Failure::new(Exit::Failed, format!("{error}: {source}"))
            .hint("`dmesg` may have the kernel's reason; a container may lack the right"),
        TargetError::Absent { .. } => Failure::new(Exit::Failed, error.to_string())
            .hint("in a container, the nodes of new devices may not reach its /dev"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachment::Record;

    #[test]
    fn each_hindrance_has_its_status_and_its_remedy() {
        let missing = ModuleError::Missing { name: "tcm_loop", said: "Module tcm_loop not found".to_owned() };
        let in_use = AttachError::InUse {
            disc_file: "/discs/a.toml".into(),
            by: Box::new(Record { number: 3, ..Record::default() }),
        };
        let told = |error: AttachError| {
            let failure = attach_failure(&error);
            (failure.exit, failure.message, failure.hints.first().cloned().unwrap_or_default())
        };
        let (exit, message, _) = told(AttachError::Module(missing));
        assert_eq!(
            (exit, &*message),
            (Exit::Unavailable, "the kernel has no module tcm_loop: Module tcm_loop not found")
        );
        let (exit, message, hint) = told(in_use);
        assert_eq!((exit, &*message), (Exit::Refused, "/discs/a.toml is in the attached drive 3 already"));
        assert!(hint.contains("virtual detach 3"), "{hint}");
        let (path, source) = ("/sys/kernel/config".into(), std::io::Error::from_raw_os_error(libc::EPERM));
        let (exit, message, _) = told(AttachError::Target(TargetError::NoConfigfs { path, source }));
        assert_eq!(exit, Exit::Unavailable);
        assert!(message.contains("/sys/kernel/config: Operation not permitted"), "{message}");
        assert_eq!(told(AttachError::NotRoot).0, Exit::Unavailable);
        assert_eq!(detach_failure(&DetachError::NoSuchDrive(7)).message, "there is no attached drive 7");
    }
}
