//! Rates and waiting times, and how two of them compare.

use std::time::Duration;

/// What one measurement gave.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Acts a second.
    pub rate: f64,
    /// How long each took, in order.
    times: Vec<Duration>,
}

impl Figures {
    /// Of the time that each act took, and of all of them together.
    pub fn new(mut times: Vec<Duration>, whole: Duration) -> Self {
        times.sort_unstable();
        Self { rate: times.len() as f64 / whole.as_secs_f64(), times }
    }

    /// The time that this share of the acts did not exceed, in milliseconds.
    fn percentile(&self, share: f64) -> f64 {
        let at = ((self.times.len() as f64 * share) as usize).min(self.times.len() - 1);
        self.times[at].as_secs_f64() * 1000.0
    }

    /// How many acts there were.
    pub fn count(&self) -> i64 {
        i64::try_from(self.times.len()).unwrap()
    }

    fn print(&self, what: &str, ratio: f64) {
        let [p50, p99, max] = [0.5, 0.99, 1.0].map(|share| self.percentile(share));
        println!("{what:<46}{:>10.0}{ratio:>8.2}{p50:>10.2}{p99:>10.2}{max:>10.2}", self.rate);
    }
}

/// Prints what the columns are.
pub fn head() {
    println!("{:<46}{:>10}{:>8}{:>10}{:>10}{:>10}", "", "a second", "ratio", "p50 ms", "p99 ms", "max ms");
}

/// Prints the median of each, and how it compares with the bare one.
pub fn compare(bare: &str, alone: Vec<Figures>, others: Vec<(&str, Vec<Figures>)>) {
    let alone = median(alone);
    alone.print(bare, 1.0);
    for (what, rounds) in others {
        let through = median(rounds);
        through.print(&format!("  {what}"), through.rate / alone.rate);
    }
}

fn median(mut rounds: Vec<Figures>) -> Figures {
    rounds.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    rounds.swap_remove(rounds.len() / 2)
}
