//! A site to tell stories about: an installed agency, a few members of staff, a server, and a clock that is set by hand.

use std::net::TcpListener;

use actix_web::dev::ServerHandle;
use chenqing::acts::draft::Draft;
use chenqing::acts::register::Classification;
use chenqing::acts::{Office, approve, assign, install::install, register, submit_reply};
use chenqing::app::App;
use chenqing::clock::Clock;
use chenqing::config::{Config, MailTransport};
use chenqing::domain::agency_files::{AgencyFile, AgencyFiles};
use chenqing::domain::calendar_file;
use chenqing::domain::case::{CloseCode, Kind};
use chenqing::domain::letter::Locale;
use chenqing::domain::link::{Link, Purpose};
use chenqing::domain::staff::{Role, Staff};
use chenqing::domain::time::Moment;
use chenqing::error::Result;
use chenqing::keys::Keys;
use chenqing::post::link_address;
use chenqing::store::attachments::StoredFile;
use chenqing::store::cases::Case;
use chenqing::store::letters::LetterRow;
use chenqing::store::staff::{self, NewStaff};
use chenqing::store::{Db, Store, cases, letters};
use chenqing::web;
use jiff::tz::TimeZone;

use super::browser::{Browser, Form};
use crate::support::TestDb;
use crate::support::rows::{NOW, number, numbers, words};

/// A running site.
pub struct Site {
    /// The application behind it.
    pub app: App,
    /// Where it listens.
    pub base: String,
    server: ServerHandle,
}

impl Site {
    /// A site over a fresh database.
    pub fn open(db: &TestDb) -> Self {
        Self::with(db, |_| {})
    }

    /// A site whose configuration is changed first.
    pub fn with(db: &TestDb, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::defaults().unwrap();
        config.database = db.config();
        config.secrets.keys = vec!["1:only-for-tests-0123456789abcdefghij".into()];
        config.attachments.folder = db.folder().join("files").display().to_string();
        config.mail.transport = MailTransport::Folder;
        config.mail.folder = db.folder().join("mail").display().to_string();
        config.server.workers = 2;
        config.limits.submissions = 0;
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        config.public.url.clone_from(&base);
        furnish(&config);
        let app = App::build(config, Clock::fixed(NOW)).unwrap();
        let server = web::start(app.clone(), listener).unwrap();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { app, base, server: handle }
    }

    /// Moves the clock.
    pub fn wait(&self, seconds: i64) {
        self.app.clock.set(self.now().plus_seconds(seconds));
    }

    pub fn now(&self) -> Moment {
        self.app.clock.now()
    }

    pub fn office(&self) -> &Office {
        &self.app.office
    }

    /// Reads past the pages.
    pub fn read<T>(&self, f: impl FnOnce(&mut Db) -> Result<T>) -> T {
        self.office().store.read(f).unwrap()
    }

    /// The letters of a kind, oldest first.
    pub fn letters(&self, kind: &str) -> Vec<LetterRow> {
        let query = format!("SELECT id AS n FROM letters WHERE kind = '{kind}' ORDER BY id");
        let ids = self.read(|db| Ok(numbers(db, &query)));
        ids.into_iter().map(|id| self.read(|db| letters::get(db, id))).collect()
    }

    /// The address in the newest letter of a kind, without the host: what its reader clicks.
    pub fn link(&self, kind: &str) -> String {
        let row = self.letters(kind).pop().unwrap_or_else(|| panic!("no letter {kind}"));
        let locale = if row.locale == "en" { Locale::En } else { Locale::ZhTw };
        let link = row.link().unwrap().unwrap();
        let token = self.office().keys.token(&link).unwrap();
        link_address("", locale, link.purpose, &token, Some(link.row))
    }

    /// The query code in the newest receipt.
    pub fn query_code(&self) -> String {
        self.letters("receipt").pop().unwrap().query_code(&self.office().keys).unwrap().unwrap()
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> i64 {
        self.read(|db| Ok(number(db, &format!("SELECT count(*) AS n FROM {table}"))))
    }

    /// Everything that an act leaves: rows of every table, and versions. Equal before and after means nothing was done.
    pub fn traces(&self) -> Vec<i64> {
        let tables = "submissions cases events letters texts parties attachments blobs ratings review_tasks replies clocks \
                      work idempotency attempts identity_views sessions notes";
        let mut traces: Vec<i64> = tables.split_whitespace().map(|table| self.count(table)).collect();
        for table in ["submissions", "cases"] {
            let sum = format!("SELECT CAST(coalesce(sum(version), 0) AS BIGINT) AS n FROM {table}");
            traces.push(self.read(|db| Ok(number(db, &sum))));
        }
        traces
    }

    /// A member of staff.
    pub fn person(&self, username: &str) -> Staff {
        self.read(|db| staff::by_username(db, username)?.person())
    }

    /// The case with this number.
    pub fn case(&self, number: &str) -> Case {
        self.read(|db| cases::by_number(db, number))
    }

    /// Registers a case and gives it to the handler, through the acts of the desk.
    pub fn assign(&self, number: &str) -> i64 {
        let (office, now, case) = (self.office(), self.now(), self.case(number));
        let (registrar, handler) = (self.person("registrar"), self.person("handler"));
        let class = Classification {
            kind: Kind::Suggestion,
            category: "rescue_service".into(),
            speed_class: "normal".into(),
            confidential: false,
            respondent_unit_id: None,
        };
        let version = register::register(office, now, &registrar, case.id, case.version, &class).unwrap();
        assign::assign(office, now, &registrar, case.id, version, handler.unit_id, Some(handler.id)).unwrap()
    }

    /// Answers an assigned case.
    pub fn answer(&self, number: &str, body: &str, files: Vec<StoredFile>) {
        let (office, now, case) = (self.office(), self.now(), self.case(number));
        let (handler, supervisor, version) = (self.person("handler"), self.person("supervisor"), case.version);
        let draft = Draft { body: body.into(), legal_basis: "漁港法第18條".into(), files };
        let version = submit_reply::submit_reply(office, now, &handler, case.id, version, &draft).unwrap();
        approve::approve(office, now, &supervisor, case.id, version, CloseCode::Answered).unwrap();
    }

    /// A token made with the site's own keys, for what no page hands out.
    pub fn token(&self, purpose: Purpose, row: i64, nonce: &str, expires_at: Moment) -> String {
        self.office().keys.token(&Link { purpose, row, nonce: nonce.into(), expires_at }).unwrap()
    }

    /// Hands a petition in and confirms it by its letter; the case's number.
    pub async fn receive(&self, browser: &Browser, form: &Form) -> String {
        browser.submit(form).await;
        self.confirm(browser).await
    }

    /// Confirms the newest submission by its letter; the case's number.
    pub async fn confirm(&self, browser: &Browser) -> String {
        let link = self.link("confirm");
        browser.post(&link, &[]).await.is(303);
        let newest = "SELECT number AS t FROM cases WHERE id = (SELECT max(id) FROM cases)";
        self.read(|db| Ok(words(db, newest))).remove(0)
    }

    /// Opens a case by number and query code.
    pub async fn look_up(&self, browser: &Browser, number: &str, code: &str) {
        let seen = browser.post("/status", &[("number", number), ("code", code)]).await;
        assert_eq!(seen.is(303).location, "/status/case");
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // Without waiting: what is being answered at the end of a test is nobody's.
        drop(self.server.stop(false));
    }
}

/// Installs the sample agency and three members of staff of one unit.
fn furnish(config: &Config) {
    let store = Store::open(&config.database).unwrap();
    let keys = Keys::new(&config.secrets.keys).unwrap();
    let office = Office::new(store, keys, config.cases.clone(), TimeZone::get("Asia/Taipei").unwrap());
    install(&office, NOW, &agency()).unwrap();
    office
        .store
        .clone()
        .write(move |db| {
            let units = &office.reference(db)?.units;
            for (username, name, role, unit) in [
                ("registrar", "周登記", Role::Registrar, "secretariat"),
                ("handler", "陳示例", Role::Handler, "logistics"),
                ("supervisor", "吳核稿", Role::Supervisor, "logistics"),
            ] {
                let new = NewStaff {
                    username: username.into(),
                    name: name.into(),
                    unit_id: units.by_code(unit).unwrap().id,
                    roles: vec![role],
                    email: format!("{username}@agency.example.tw"),
                    phone: "02-0000-1234".into(),
                    password_hash: String::new(),
                    must_change_password: false,
                };
                staff::insert(db, &new, NOW)?;
            }
            Ok(())
        })
        .unwrap();
}

/// The files of the sample agency.
pub fn agency() -> AgencyFiles {
    let list = |text: &str, key: &str| toml::from_str::<toml::Table>(text).unwrap()[key].clone();
    let agency: AgencyFile = toml::from_str(include_str!("../../config/agency/agency.toml")).unwrap();
    AgencyFiles {
        agency,
        units: list(include_str!("../../config/agency/units.toml"), "unit").try_into().unwrap(),
        categories: list(include_str!("../../config/agency/categories.toml"), "category").try_into().unwrap(),
        speed_classes: list(include_str!("../../config/agency/speed_classes.toml"), "speed_class").try_into().unwrap(),
        calendar: calendar_file::parse(include_str!("../../config/agency/calendar.csv")).unwrap(),
        policies: toml::from_str(include_str!("../../config/agency/policies.toml")).unwrap(),
        policies_text: include_str!("../../config/agency/policies.toml").to_owned(),
    }
}
