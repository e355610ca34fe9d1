//! Whether a contender gives the answers that Lobby gives.

use anyhow::{Result, bail};

use crate::{
    contenders::{Contender, lobby::Lobby},
    world::{Question, World},
};

/// Questions with the right answers.
pub struct Answers(Vec<(Question, bool)>);

impl Answers {
    /// Every role of every blueprint × permission × relation, and so many random questions.
    pub fn of(world: &World, sample: usize) -> Result<Self> {
        let lobby = Lobby::load(world)?;
        let mut questions = world.everything();
        questions.extend(world.sample(sample));
        Ok(Self(questions.into_iter().map(|question| (question, lobby.allows(&question))).collect()))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many of them say yes.
    pub fn allowed(&self) -> usize {
        self.0.iter().filter(|(_, allowed)| *allowed).count()
    }

    /// Fails on the first of the answers that differs; asks only the first so many where a contender is slow.
    pub fn check<C: Contender>(&self, contender: &C, at_most: usize) -> Result<usize> {
        let step = self.0.len().div_ceil(at_most).max(1);
        let asked: Vec<_> = self.0.iter().step_by(step).collect();
        for (question, expected) in &asked {
            if contender.allows(&contender.asked(question)) != *expected {
                bail!("{} doesn't answer {expected} to {question:?}", C::LABEL);
            }
        }
        Ok(asked.len())
    }
}
