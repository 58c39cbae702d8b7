//! What happens inside one group of writes. The queue is filled before the writer runs, so the group is what the test
//! says it is, and not what the scheduler made of it.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::*;

struct Group {
    url: String,
    _folder: tempfile::TempDir,
    bell: Bell,
    queue: SyncSender<Act>,
    tasks: Receiver<Act>,
}

impl Group {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/group.db", folder.path().display());
        let mut db = open(&url, true).unwrap();
        db.batch_execute("CREATE TABLE rows (n BIGINT NOT NULL UNIQUE)").unwrap();
        let (queue, tasks) = sync_channel(QUEUE);
        Self { url, _folder: folder, bell: Bell::default(), queue, tasks }
    }

    /// Queues an act that writes `n` and then ends as `end` says.
    fn add(&self, n: i64, end: impl Fn(&mut Db) -> Result<()> + Send + 'static) -> Receiver<Result<()>> {
        let (answer, answered) = sync_channel(1);
        let work: Work = Box::new(move |db: &mut Db| {
            diesel::sql_query("INSERT INTO rows VALUES (?)").bind::<BigInt, _>(n).execute(db)?;
            end(db)
        });
        self.queue.send(Act { work, result: None, answer }).unwrap();
        answered
    }

    /// Runs the writer over everything queued; the rows that are in the file then.
    fn run(self) -> Vec<i64> {
        drop(self.queue);
        run(&self.url, open(&self.url, true).unwrap(), &self.tasks, &self.bell);
        rows(&mut open(&self.url, false).unwrap())
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn rows(db: &mut Db) -> Vec<i64> {
    let rows: Vec<Row> = diesel::sql_query("SELECT n FROM rows ORDER BY n").load(db).unwrap();
    rows.into_iter().map(|row| row.n).collect()
}

fn ok(_: &mut Db) -> Result<()> {
    Ok(())
}

fn is_unavailable(answer: &Receiver<Result<()>>) -> bool {
    matches!(answer.recv().unwrap(), Err(Error::Unavailable(_)))
}

#[test]
fn an_act_that_is_refused_takes_only_itself_back() {
    let group = Group::new();
    let first = group.add(1, ok);
    let refused = group.add(2, |_| Err(Error::refused("no")));
    let twice = group.add(1, ok);
    let last = group.add(3, ok);
    assert_eq!(group.run(), [1, 3]);
    assert_eq!(first.recv().unwrap(), Ok(()));
    assert_eq!(refused.recv().unwrap(), Err(Error::refused("no")));
    assert_eq!(twice.recv().unwrap(), Err(Error::Conflict));
    assert_eq!(last.recv().unwrap(), Ok(()));
}

#[test]
fn a_panic_takes_the_whole_group_back_and_no_later_one() {
    let group = Group::new();
    let mut answers: Vec<_> = (0..10).map(|n| group.add(n, ok)).collect();
    let panicked = group.add(10, |_| panic!("on purpose"));
    answers.extend((11..64).map(|n| group.add(n, ok)));
    // The group is full: the next act begins another.
    let later = group.add(64, ok);
    assert_eq!(group.run(), [64]);
    assert!(answers.iter().all(is_unavailable));
    // What does so again and again is told from a database that is away.
    assert!(matches!(panicked.recv().unwrap(), Err(Error::Internal(_))));
    assert_eq!(later.recv().unwrap(), Ok(()));
}

#[test]
fn a_database_error_takes_the_whole_group_back() {
    let group = Group::new();
    let before = group.add(1, ok);
    let broken = group.add(2, |db| Ok(db.batch_execute("SELECT * FROM nowhere")?));
    let after = group.add(3, ok);
    assert_eq!(group.run(), [0_i64; 0]);
    assert!([before, broken, after].iter().all(is_unavailable));
}

#[test]
fn when_sqlite_has_ended_the_transaction_by_itself_nothing_slips_through() {
    // What SQLite does after some faults: the transaction is gone, and the next savepoint would open one of its own.
    let group = Group::new();
    let before = group.add(1, ok);
    let faulty = group.add(2, |db| Ok(db.batch_execute("ROLLBACK")?));
    let after = group.add(3, ok);
    assert_eq!(group.run(), [0_i64; 0]);
    assert!([before, faulty, after].iter().all(is_unavailable));
}

#[test]
fn a_group_is_not_answered_before_its_commit() {
    let group = Group::new();
    let first = group.add(1, ok);
    let url = group.url.clone();
    // The second act of the group looks from outside: the first has run, and is neither answered nor to be seen.
    let (seen, looked) = sync_channel(1);
    let second = group.add(2, move |_| {
        seen.send((first.try_recv().is_err(), rows(&mut open(&url, false).unwrap()))).unwrap();
        Ok(())
    });
    assert_eq!(group.run(), [1, 2]);
    assert_eq!(looked.recv().unwrap(), (true, vec![]));
    assert_eq!(second.recv().unwrap(), Ok(()));
}

#[test]
fn an_act_alone_in_its_group_is_as_safe() {
    let alone = |end: fn(&mut Db) -> Result<()>| {
        let group = Group::new();
        let answer = group.add(1, end);
        (group.run(), answer.recv().unwrap())
    };
    assert_eq!(alone(ok), (vec![1], Ok(())));
    assert_eq!(alone(|_| Err(Error::refused("no"))), (vec![], Err(Error::refused("no"))));
    let (rows, answer) = alone(|_| panic!("on purpose"));
    assert!(rows.is_empty() && matches!(answer, Err(Error::Internal(_))), "{rows:?} {answer:?}");
    for fault in [(|db| Ok(db.batch_execute("SELECT * FROM nowhere")?)) as fn(&mut Db) -> Result<()>, |db| {
        Ok(db.batch_execute("ROLLBACK")?)
    }] {
        let (rows, answer) = alone(fault);
        assert!(rows.is_empty() && matches!(answer, Err(Error::Unavailable(_))), "{rows:?} {answer:?}");
    }
}
