//! The agency as its letters show it: its names in each language, its telephone, its emergency number. The application
//! fills it from the agency's data.

use jiff::tz::TimeZone;

use crate::domain::letter::Locale;
use crate::letters::LetterContext;

/// How the agency signs in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Face {
    /// The agency's name: 海洋委員會海巡署.
    pub agency: String,
    /// Its telephone.
    pub phone: String,
    /// What the mailbox is called: 署長信箱.
    pub mailbox: String,
    /// The emergency number; empty when the agency has none.
    pub hotline: String,
}

/// The agency in every language letters are written in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgencyFace {
    /// In Chinese.
    pub zh_tw: Face,
    /// In English.
    pub en: Face,
}

impl AgencyFace {
    /// The agency in one language.
    #[must_use]
    pub fn of(&self, locale: Locale) -> &Face {
        match locale {
            Locale::ZhTw => &self.zh_tw,
            Locale::En => &self.en,
        }
    }

    /// What a letter needs of the agency, before reader, link and code are known: for sending, preview and print alike.
    #[must_use]
    pub fn context(&self, locale: Locale, zone: &TimeZone) -> LetterContext {
        let face = self.of(locale);
        LetterContext {
            locale,
            agency_name: face.agency.clone(),
            agency_phone: face.phone.clone(),
            mailbox_name: face.mailbox.clone(),
            recipient_name: None,
            link: None,
            query_code: None,
            zone: zone.clone(),
            hotline: face.hotline.clone(),
            files: None,
        }
    }
}
