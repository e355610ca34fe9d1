//! Fixed sets of small numbers, one bit each: what a compiled role is made of.

/// One of the sets that a role has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Set {
    /// What reaches the holder's own.
    Own,
    /// What reaches that in which the holder takes part.
    Assigned,
    /// What reaches everything.
    Other,
    /// What the document names.
    Named,
}

/// Which of the vocabulary's permissions are in which set, by position. Side by side in one piece of memory: a decision
/// that has come to one of them has come to all.
#[derive(Clone, Debug)]
pub(crate) struct Masks(Box<[[u64; 4]]>);

impl Masks {
    /// Empty sets with room for positions below `bits`.
    pub(crate) fn empty(bits: usize) -> Self {
        Self(vec![[0; 4]; bits.div_ceil(64)].into_boxed_slice())
    }

    /// Puts a position into a set; one without room stays out, which grants nothing.
    pub(crate) fn insert(&mut self, set: Set, bit: usize) {
        if let Some(words) = self.0.get_mut(bit / 64) {
            words[set as usize] |= 1 << (bit % 64);
        }
    }

    /// Whether a position is in a set.
    pub(crate) fn contains(&self, set: Set, bit: usize) -> bool {
        self.0.get(bit / 64).is_some_and(|words| (words[set as usize] >> (bit % 64)) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETS: [Set; 4] = [Set::Own, Set::Assigned, Set::Other, Set::Named];

    #[test]
    fn holds_exactly_what_was_put_in_across_words_and_sets() {
        let members: [&[usize]; 4] = [&[0, 1, 63, 64, 127, 128], &[], &[128], &[62, 65]];
        let mut masks = Masks::empty(129);
        for (set, members) in SETS.into_iter().zip(members) {
            for bit in members {
                masks.insert(set, *bit);
            }
        }
        for (set, members) in SETS.into_iter().zip(members) {
            let held: Vec<usize> = (0..400).filter(|bit| masks.contains(set, *bit)).collect();
            assert_eq!(held, members, "{set:?}");
        }
    }

    #[test]
    fn what_is_put_in_twice_is_in() {
        let mut masks = Masks::empty(2);
        masks.insert(Set::Own, 1);
        masks.insert(Set::Own, 1);
        assert!(masks.contains(Set::Own, 1) && !masks.contains(Set::Own, 0));
    }

    #[test]
    fn a_position_without_room_stays_out() {
        let mut masks = Masks::empty(0);
        masks.insert(Set::Other, 0);
        assert!(!masks.contains(Set::Other, 0));
    }
}
