//! This module knows what to say of a drive that cannot be opened.

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::linux::{NodeRights, OpenError};

const LIST: &str = "`discwright drives` lists the drives here";

pub fn open_failure(error: &OpenError) -> Failure {
    match error {
        OpenError::NoSuchDevice { .. } | OpenError::NotAnOpticalDrive { .. } => {
            Failure::new(Exit::Unavailable, error.to_string()).hint(LIST)
        }
        OpenError::NoPermission { rights, .. } => no_permission(error, rights),
        OpenError::Forbidden { .. } => Failure::new(Exit::Unavailable, error.to_string()).hint(
            "in a container, give it the drive: --device /dev/sr0 --group-add with the number of the node's group",
        ),
        OpenError::Held { by, .. } => held(error, by),
        OpenError::Offline { .. } => {
            Failure::new(Exit::Failed, error.to_string()).hint("check its cable and its power, then plug it in again")
        }
        OpenError::System { source, .. } => Failure::new(Exit::Failed, format!("{error}: {source}")),
    }
}

fn no_permission(error: &OpenError, rights: &NodeRights) -> Failure {
    const GROUP_MAY_WRITE: u32 = 0o060;
    let mut groups = rights.callers_groups.join(", ");
    if groups.is_empty() {
        groups.push_str("none");
    }
    let failure = Failure::new(Exit::Unavailable, format!("{error}; your groups: {groups}"));
    if rights.mode & GROUP_MAY_WRITE == GROUP_MAY_WRITE && rights.group != "root" {
        failure.hint(format!("join the group that may: sudo usermod -aG {} \"$USER\", then log in again", rights.group))
    } else {
        failure
            .hint("the node's group may not use it: udev gives optical drives to a group such as cdrom; see the README")
    }
}

fn held(error: &OpenError, by: &[crate::linux::Holder]) -> Failure {
    let who: Vec<String> = by.iter().map(ToString::to_string).collect();
    let message = if who.is_empty() { error.to_string() } else { format!("{error}: {}", who.join(", ")) };
    Failure::new(Exit::Refused, message)
        .hint("two programs at one drive ruin each other's work: end the other one, or wait for it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linux::Holder;
    use std::path::PathBuf;

    fn path() -> PathBuf {
        PathBuf::from("/dev/sr0")
    }

    #[test]
    fn who_lacks_the_right_is_told_the_group() {
        let rights = NodeRights {
            owner: "root".to_owned(),
            group: "cdrom".to_owned(),
            mode: 0o660,
            callers_groups: vec!["anna".to_owned()],
        };
        let failure = open_failure(&OpenError::NoPermission { path: path(), rights });
        assert_eq!(failure.exit, Exit::Unavailable);
        assert_eq!(failure.message, "no right to open /dev/sr0 (root:cdrom 0660); your groups: anna");
        assert!(failure.hints[0].contains("usermod -aG cdrom"), "{failure:?}");
    }

    #[test]
    fn who_holds_the_drive_is_named() {
        let by = vec![Holder::Program { pid: 4711, name: "brasero".to_owned() }];
        let failure = open_failure(&OpenError::Held { path: path(), by });
        assert_eq!(failure.exit, Exit::Refused);
        assert_eq!(failure.message, "/dev/sr0 is held by another program: brasero (process 4711)");
    }
}
