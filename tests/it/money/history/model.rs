//! What a naive reckoning knows of projects' money: a list of what was answered, added up anew for every question.
//!
//! It shares nothing with the product but the rules: an invoice adds to what is owed, a deposit takes from that and lies
//! there, refunds and withdrawals take from what lies there, and what is taken back counts the other way round on a day of
//! its own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

/// What can be recorded.
pub const KINDS: [&str; 4] = ["invoice", "deposit", "refund", "withdrawal"];

/// Something that was recorded.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: String,
    /// The how-manieth project.
    pub project: usize,
    /// What it was; of what takes back, what that was which it takes back.
    pub kind: &'static str,
    pub amount: i128,
    pub day: NaiveDate,
    pub at: DateTime<Utc>,
    pub over_budget: bool,
    pub by: String,
    pub reverses: Option<usize>,
    pub reversed_by: Option<usize>,
}

/// What it comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub issued: i128,
    pub paid: i128,
    pub credited: i128,
    pub refunded: i128,
    pub withdrawn: i128,
}

impl Figures {
    fn count(&mut self, entry: &Entry) {
        let amount = if entry.reverses.is_some() { -entry.amount } else { entry.amount };
        match entry.kind {
            "invoice" if entry.reverses.is_some() => self.credited += entry.amount,
            "invoice" => self.issued += amount,
            "deposit" => self.paid += amount,
            "refund" => self.refunded += amount,
            "withdrawal" => self.withdrawn += amount,
            other => panic!("nothing is of kind {other}"),
        }
    }

    /// What is owed.
    pub fn receivable(self) -> i128 {
        self.issued - self.paid - self.credited
    }

    /// What lies there.
    pub fn balance(self) -> i128 {
        self.paid - self.refunded - self.withdrawn
    }

    /// In the order of reports.
    pub fn told(self) -> [i64; 7] {
        let Self { issued, paid, credited, refunded, withdrawn } = self;
        let all = [issued, paid, credited, refunded, withdrawn, self.receivable(), self.balance()];
        all.map(|figure| i64::try_from(figure).unwrap())
    }
}

/// What a report is asked.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub projects: BTreeSet<usize>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub as_of: Option<DateTime<Utc>>,
}

impl Asked {
    fn takes(&self, entry: &Entry) -> bool {
        self.projects.contains(&entry.project)
            && self.from.is_none_or(|from| from <= entry.day)
            && self.to.is_none_or(|to| entry.day <= to)
            && self.as_of.is_none_or(|as_of| entry.at <= as_of)
    }
}

/// All that was recorded.
#[derive(Debug, Default)]
pub struct Books {
    pub entries: Vec<Entry>,
    ids: HashMap<String, usize>,
    of_projects: HashMap<usize, Vec<usize>>,
    counted: HashMap<(usize, &'static str), i128>,
    /// Entries of which somebody was told that they were taken back already.
    pub said_reversed: BTreeSet<usize>,
}

impl Books {
    /// Adds an entry, which must be no known one.
    pub fn add(&mut self, entry: Entry) -> usize {
        let at = self.entries.len();
        if let Some(original) = entry.reverses {
            let former = self.entries[original].reversed_by.replace(at);
            assert_eq!(former, None, "taken back twice: {:?}", self.entries[original]);
        }
        let known = self.ids.insert(entry.id.clone(), at);
        assert_eq!(known, None, "answered for two requests: {entry:?}");
        self.of_projects.entry(entry.project).or_default().push(at);
        let amount = if entry.reverses.is_some() { -entry.amount } else { entry.amount };
        *self.counted.entry((entry.project, entry.kind)).or_default() += amount;
        self.entries.push(entry);
        at
    }

    /// The entries of a project, by their places.
    pub fn of_project(&self, project: usize) -> &[usize] {
        self.of_projects.get(&project).map_or(&[], Vec::as_slice)
    }

    /// The same as [`Self::used`], counted as it comes, for a look at each step.
    pub fn counted(&self, project: usize, kind: &'static str) -> i128 {
        self.counted.get(&(project, kind)).copied().unwrap_or_default()
    }

    /// The entry of an id.
    pub fn of(&self, id: &str) -> Option<&Entry> {
        self.ids.get(id).map(|at| &self.entries[*at])
    }

    /// What all of a project's comes to, apart by something.
    pub fn grouped<K: Ord>(&self, asked: &Asked, by: impl Fn(&Entry) -> K) -> BTreeMap<K, Figures> {
        let mut groups: BTreeMap<K, Figures> = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| asked.takes(entry)) {
            groups.entry(by(entry)).or_default().count(entry);
        }
        groups
    }

    /// What it comes to.
    pub fn figures(&self, asked: &Asked) -> Figures {
        self.grouped(asked, |_| ()).remove(&()).unwrap_or_default()
    }

    /// What is used up of a budget for invoices, or for withdrawals: all that isn't taken back.
    pub fn used(&self, project: usize, kind: &str) -> i128 {
        let stands = |entry: &&Entry| {
            entry.project == project && entry.kind == kind && entry.reverses.is_none() && entry.reversed_by.is_none()
        };
        self.entries.iter().filter(stands).map(|entry| entry.amount).sum()
    }
}

#[test]
fn a_naive_reckoning_reckons_as_one_does_by_hand() {
    let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
    let at = |second| DateTime::from_timestamp(second, 0).unwrap();
    let mut books = Books::default();
    let mut number = 0;
    let mut add = |books: &mut Books, kind, amount, reverses| {
        number += 1;
        let (id, by) = (format!("{number}"), String::new());
        let (day, at) = (day(number), at(i64::from(number)));
        books.add(Entry { id, project: 0, kind, amount, day, at, over_budget: false, by, reverses, reversed_by: None })
    };
    let invoice = add(&mut books, "invoice", 100, None);
    add(&mut books, "invoice", 40, None);
    add(&mut books, "deposit", 70, None);
    add(&mut books, "invoice", 100, Some(invoice));
    let refund = add(&mut books, "refund", 20, None);
    add(&mut books, "withdrawal", 5, None);
    let asked = Asked { projects: [0].into(), ..Asked::default() };
    assert_eq!(books.figures(&asked).told(), [140, 70, 100, 20, 5, -30, 45]);
    assert_eq!(books.figures(&Asked { as_of: Some(at(3)), ..asked.clone() }).told(), [140, 70, 0, 0, 0, 70, 70]);
    assert_eq!(books.figures(&Asked { from: Some(day(4)), ..asked.clone() }).told(), [0, 0, 100, 20, 5, -100, -25]);
    add(&mut books, "refund", 20, Some(refund));
    assert_eq!(books.figures(&asked).told(), [140, 70, 100, 0, 5, -30, 65]);
    for (project, kind, used) in [(0, "invoice", 40), (0, "withdrawal", 5), (0, "refund", 0), (1, "invoice", 0)] {
        assert_eq!((books.used(project, kind), books.counted(project, kind)), (used, used), "{kind}");
    }
}
