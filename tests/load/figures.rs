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

    fn print(&self, what: &str) {
        let [p50, p99, max] = [0.5, 0.99, 1.0].map(|share| self.percentile(share));
        println!("{what:<46}{:>12.0}{p50:>10.2}{p99:>10.2}{max:>10.2}", self.rate);
    }
}

/// Prints the median of both and their ratio.
pub fn compare(database: &str, bare: &str, alone: Vec<Figures>, through: Vec<Figures>) {
    let (alone, through) = (median(alone), median(through));
    alone.print(&format!("{database}: {bare}"));
    through.print(&format!("{database}: through the store"));
    println!("{:<46}{:>12.2}\n", format!("{database}: ratio"), through.rate / alone.rate);
}

fn median(mut rounds: Vec<Figures>) -> Figures {
    rounds.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    rounds.swap_remove(rounds.len() / 2)
}
