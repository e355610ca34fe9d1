//! A test that hangs is named and fails; it does not hold up all others for ever.

use std::{
    collections::HashMap,
    io::Write,
    sync::{LazyLock, Mutex},
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

/// No test takes as long as this, on the slowest machine; but for those that are played longer on purpose.
pub fn longest() -> Duration {
    Duration::from_secs(60 * u64::from(super::from_environment("LOBBY_TESTS_MINUTES").unwrap_or(15)))
}

/// What does not even notice that its time is over, because it blocks its thread, ends the whole run.
fn blocked() -> Duration {
    longest() + Duration::from_secs(3 * 60)
}

static RUNNING: LazyLock<Mutex<HashMap<ThreadId, (String, Instant)>>> = LazyLock::new(|| {
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_secs(5));
            end_what_is_blocked();
        }
    });
    Mutex::default()
});

fn end_what_is_blocked() {
    let running = RUNNING.lock().unwrap();
    for (test, begun) in running.values() {
        if begun.elapsed() > blocked() {
            // Not by a macro: what a test prints is caught, and told when it ends.
            let _ =
                writeln!(std::io::stderr(), "{test} blocks its thread since {:?}: the run is ended", begun.elapsed());
            std::process::exit(101);
        }
    }
}

/// A test that runs.
pub struct Watched;

impl Watched {
    /// Begins to watch the test of this thread, whose name is the thread's.
    pub fn begin() -> Self {
        let this = thread::current();
        let test = this.name().unwrap_or("a test").to_owned();
        RUNNING.lock().unwrap().insert(this.id(), (test, Instant::now()));
        Self
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        RUNNING.lock().unwrap().remove(&thread::current().id());
    }
}
