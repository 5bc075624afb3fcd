//! This module knows what every command and every answer must survive: their own bytes, and any others.

use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{Answer, Command};
use crate::scsi::Cdb;

fn runner() -> TestRunner {
    TestRunner::new(Config { failure_persistence: None, ..Config::default() })
}

/// The command comes back from its CDB; any CDB with its opcode is no panic, and no other opcode is taken for it.
pub(super) fn command_survives<C: Command + Debug + PartialEq>(any_command: impl Strategy<Value = C>) {
    runner()
        .run(&any_command, |sent| {
            prop_assert_eq!(sent.cdb().opcode(), C::OPCODE);
            prop_assert_eq!(C::from_cdb(&sent.cdb()), Some(sent));
            Ok(())
        })
        .unwrap();
    let blocks = prop_oneof![vec(any::<u8>(), 6), vec(any::<u8>(), 10), vec(any::<u8>(), 12), vec(any::<u8>(), 16)];
    runner()
        .run(&blocks, |mut block| {
            let other = Cdb::from_slice(&block).unwrap();
            prop_assert!(other.opcode() == C::OPCODE || C::from_cdb(&other).is_none());
            block[0] = C::OPCODE;
            if let Some(received) = C::from_cdb(&Cdb::from_slice(&block).unwrap()) {
                prop_assert_eq!(C::from_cdb(&received.cdb()), Some(received));
            }
            Ok(())
        })
        .unwrap();
}

/// The answer comes back from its bytes; a part of them, and any others, are no panic.
pub(super) fn answer_survives<A: Answer + Debug + PartialEq>(any_answer: impl Strategy<Value = A>) {
    runner()
        .run(&any_answer, |sent| {
            let bytes = sent.emit();
            for end in 0..bytes.len() {
                let _ = A::parse(&bytes[..end]);
            }
            prop_assert_eq!(A::parse(&bytes), Ok(sent));
            Ok(())
        })
        .unwrap();
    runner()
        .run(&vec(any::<u8>(), 0..256), |bytes| {
            if let Ok(answer) = A::parse(&bytes) {
                let _ = A::parse(&answer.emit());
            }
            Ok(())
        })
        .unwrap();
}
