//! Did you mean …: the known word nearest to one that was mistyped.

/// Longer words get no suggestion: they aren't slips, and comparing them costs the product of the lengths.
const LONGEST: usize = 64;

/// The candidate with the fewest edits from `word`, if at most a third of the word would change; the first of equals.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(LONGEST + 1).collect();
    if word.len() > LONGEST {
        return None;
    }
    let most = (word.len() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(word.len()) <= most)
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(edits, _)| *edits <= most)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance: insertions, deletions and substitutions, whatever the case of ASCII letters.
fn distance(from: &[char], to: &str) -> usize {
    let mut row: Vec<usize> = (0..=from.len()).collect();
    for (line, wanted) in to.chars().enumerate() {
        let mut diagonal = line;
        row[0] = line + 1;
        for (column, found) in from.iter().enumerate() {
            let substituted = diagonal + usize::from(!found.eq_ignore_ascii_case(&wanted));
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[from.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 4] = ["can_view_projects", "can_edit_projects", "can_edit_profiles", "can_comment"];

    #[test]
    fn slips_are_recognised() {
        assert_eq!(nearest("can_edit_project", KEYS), Some("can_edit_projects"));
        assert_eq!(nearest("edit_projects", KEYS), Some("can_edit_projects"));
        assert_eq!(nearest("CAN_COMMENT", KEYS), Some("can_comment"));
        assert_eq!(nearest("can_coment", KEYS), Some("can_comment"));
    }

    #[test]
    fn what_resembles_nothing_gets_no_suggestion() {
        assert_eq!(nearest("", KEYS), None);
        assert_eq!(nearest("can_fly_to_the_moon", KEYS), None);
        assert_eq!(nearest(&"can_edit_projects".repeat(1000), KEYS), None);
    }

    #[test]
    fn words_are_compared_up_to_a_length() {
        let known = "k".repeat(LONGEST);
        let word = |length: usize| format!("x{}", "k".repeat(length - 1));
        assert_eq!(nearest(&word(LONGEST), [known.as_str()]), Some(known.as_str()));
        assert_eq!(nearest(&word(LONGEST + 1), [known.as_str()]), None);
        assert_eq!(nearest(&word(LONGEST + 9), [known.as_str()]), None);
    }

    #[test]
    fn at_most_a_third_of_the_word_changes() {
        assert_eq!(nearest("xxaaaa", ["aaaaaa"]), Some("aaaaaa"));
        assert_eq!(nearest("xxxaaa", ["aaaaaa"]), None);
        assert_eq!(nearest("x", ["a"]), Some("a"));
        assert_eq!(nearest("bb", ["ab", "bb", "ba"]), Some("bb"));
        assert_eq!(nearest("bb", ["ab", "ba"]), Some("ab"), "the first of equals");
    }

    #[test]
    fn distance_counts_edits() {
        let chars: Vec<char> = "kitten".chars().collect();
        assert_eq!(distance(&chars, "sitting"), 3);
        assert_eq!(distance(&chars, ""), 6);
        assert_eq!(distance(&[], "abc"), 3);
    }
}
