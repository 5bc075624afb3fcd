//! This module knows whether a directory has a name twice.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// The names of a directory that were met so far. Those that come in order cannot be there twice, so that only where
/// one does not are they looked up.
#[derive(Default)]
pub(super) struct UniqueNames {
    /// One behind the other, as long as they come in order.
    text: Vec<u8>,
    ends: Vec<usize>,
    hashes: Option<HashSet<u64>>,
    state: RandomState,
}

impl UniqueNames {
    /// False where it was there before.
    pub fn insert(&mut self, name: &[u8]) -> bool {
        if let Some(hashes) = &mut self.hashes {
            return hashes.insert(self.state.hash_one(name));
        }
        let last_from = self.ends.iter().nth_back(1).copied().unwrap_or(0);
        let last = self.text.get(last_from..).unwrap_or_default();
        if self.ends.is_empty() || name > last {
            self.text.extend_from_slice(name);
            self.ends.push(self.text.len());
            return true;
        }
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let names = starts.zip(&self.ends).filter_map(|(start, &end)| self.text.get(start..end));
        let mut hashes: HashSet<u64> = names.map(|name| self.state.hash_one(name)).collect();
        let is_new = hashes.insert(self.state.hash_one(name));
        self.hashes = Some(hashes);
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_name_is_new_once(names in proptest::collection::vec("[ab]{0,2}", 0..12)) {
            let (mut unique, mut all) = (UniqueNames::default(), HashSet::new());
            for name in &names {
                prop_assert_eq!(unique.insert(name.as_bytes()), all.insert(name));
            }
        }
    }
}
