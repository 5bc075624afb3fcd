//! This module knows how to go through things in order without keeping them, where they are in order already.

/// Things in order.
#[derive(Debug, Clone)]
pub(super) enum InOrder<I: Iterator> {
    AsTheyCome(I),
    Sorted(std::vec::IntoIter<I::Item>),
}

/// `things` by `key`; of the same key, as they come. Trees have their files mostly in the order of their content, and a disc
/// has hundreds of thousands.
pub(super) fn in_order<I: Iterator + Clone, K: Ord>(things: I, key: impl Fn(&I::Item) -> K) -> InOrder<I> {
    if things.clone().map(|thing| key(&thing)).is_sorted() {
        return InOrder::AsTheyCome(things);
    }
    let mut sorted: Vec<I::Item> = things.collect();
    sorted.sort_by_key(key);
    InOrder::Sorted(sorted.into_iter())
}

impl<I: Iterator> Iterator for InOrder<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        match self {
            InOrder::AsTheyCome(things) => things.next(),
            InOrder::Sorted(things) => things.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_in_order_is_not_kept() {
        assert!(matches!(in_order([1, 2, 2, 3].iter(), |&&number| number), InOrder::AsTheyCome(_)));
        assert!(matches!(in_order([2, 1].iter(), |&&number| number), InOrder::Sorted(_)));
    }

    proptest! {
        #[test]
        fn order_is_that_of_a_sort(mut pairs: Vec<(u8, u8)>) {
            let found: Vec<(u8, u8)> = in_order(pairs.clone().into_iter(), |pair| pair.0).collect();
            pairs.sort_by_key(|pair| pair.0);
            prop_assert_eq!(found, pairs);
        }
    }
}
