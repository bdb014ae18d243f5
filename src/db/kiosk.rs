//! Kiosks: what staff do with them, how a device joins, and what it asks with its own secret in a token's place.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use sqlx::query_scalar;
use zeroize::Zeroizing;

use crate::domain::kiosk::{
    Attended, AttendedAlone, Enrolment, Joined, KioskAnswer, KioskCall, KioskId, KioskLine, NewPin,
};
use crate::domain::{Fault, Nonce, SafeText};

use super::attendant::Remembered;
use super::desk::not_signed_in;
use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

/// A new secret for a device, as it is kept on its disk.
///
/// # Errors
/// The machine has no randomness to spare.
pub fn new_device_secret() -> Result<Zeroizing<String>, DbError> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes).map_err(|error| DbError::internal(&error))?;
    Ok(Zeroizing::new(super::key::to_hex(&*bytes)))
}

/// Where a kiosk's secret is looked up, so that a device that joins while the program runs need not start again.
#[derive(Clone)]
pub(super) struct Device {
    read: Arc<dyn Fn() -> Option<Token> + Send + Sync>,
    code: Remembered,
}

impl Device {
    pub(super) fn new(read: impl Fn() -> Option<Token> + Send + Sync + 'static) -> Self {
        Self {
            read: Arc::new(read),
            code: Remembered::default(),
        }
    }

    fn token(&self) -> Option<Token> {
        (self.read)()
    }

    /// What an answer of the database's says about the attendant's code.
    async fn learn(&self, call: &KioskCall, result: &Result<KioskAnswer, DbError>) {
        match (call, result) {
            (KioskCall::Attend { pin, .. }, Ok(KioskAnswer::Attended(Attended::Ok { code_stamp, .. }))) => {
                self.code.learn(pin, code_stamp).await;
            }
            (_, Ok(KioskAnswer::Page(page))) => self.code.stands(&page.code_stamp),
            (_, Err(error)) if error.fault == Fault::NotSignedIn => self.code.forget(),
            _ => {}
        }
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Device(…)")
    }
}

impl Db {
    /// Carries out a call of a kiosk's; without a secret it is not enrolled.
    pub(super) async fn kiosk(
        &self,
        device: Option<&Device>,
        call: &KioskCall,
    ) -> Result<KioskAnswer, DbError> {
        if let KioskCall::AttendAlone { pin } = call {
            return Ok(KioskAnswer::Alone(match device {
                Some(device) => device.code.ask(pin).await?,
                None => AttendedAlone::Unknown,
            }));
        }
        let Some((device, token)) = device.and_then(|device| Some((device, device.token()?))) else {
            // Whether the database is there is another matter, and told first.
            self.community().await?;
            return Err(not_signed_in());
        };
        let result = self.kiosk_call(&token, call).await;
        device.learn(call, &result).await;
        result
    }

    /// The same, with the secret at hand.
    ///
    /// # Errors
    /// [`Fault::NotSignedIn`] for a secret of no kiosk, of a retired one, or of one that joined over another login.
    pub async fn kiosk_call(&self, device: &Token, call: &KioskCall) -> Result<KioskAnswer, DbError> {
        let device = device.bytes();
        Ok(match call {
            KioskCall::Page => {
                let page = query_scalar("SELECT api.kiosk_page($1)").bind(device);
                KioskAnswer::Page(self.call(page).await?)
            }
            KioskCall::Touch => {
                let touch = query_scalar("SELECT to_jsonb(api.kiosk_touch($1))").bind(device);
                self.call::<bool>(touch).await?;
                KioskAnswer::Here
            }
            KioskCall::Scan { nonce, pass } => {
                let scan = query_scalar("SELECT api.kiosk_scan($1, $2, $3)")
                    .bind(device)
                    .bind(*nonce)
                    .bind(pass.clone());
                KioskAnswer::Scanned(Box::new(self.call(scan).await?))
            }
            KioskCall::Attend { nonce, pin } => {
                let attend = query_scalar("SELECT api.kiosk_attend($1, $2, $3)")
                    .bind(device)
                    .bind(*nonce)
                    .bind(pin.reveal().to_owned());
                KioskAnswer::Attended(self.call(attend).await?)
            }
            // Who asks so has no memory.
            KioskCall::AttendAlone { .. } => KioskAnswer::Alone(AttendedAlone::Unknown),
            KioskCall::Choose { nonce, pin, event } => {
                let choose = query_scalar("SELECT api.kiosk_choose($1, $2, $3, $4)")
                    .bind(device)
                    .bind(*nonce)
                    .bind(pin.reveal().to_owned())
                    .bind(event.map(|event| event.0));
                KioskAnswer::Proved(self.call(choose).await?)
            }
            KioskCall::Name { nonce, pin, name } => {
                let name = query_scalar("SELECT api.kiosk_name($1, $2, $3, $4)")
                    .bind(device)
                    .bind(*nonce)
                    .bind(pin.reveal().to_owned())
                    .bind(name.clone());
                KioskAnswer::Proved(self.call(name).await?)
            }
        })
    }

    /// A device joins, and leaves its secret's SHA-256.
    ///
    /// # Errors
    /// [`Fault::Internal`] if the secret is none.
    pub async fn kiosk_join(&self, nonce: Nonce, code: &str, secret: &Token) -> Result<Joined, DbError> {
        let join = query_scalar("SELECT api.kiosk_join($1, $2, $3)")
            .bind(nonce)
            .bind(code.to_owned())
            .bind(Sha256::digest(secret.bytes()).to_vec());
        self.call(join).await
    }

    /// Enrols a kiosk (staff): a code for the device, and one for its attendant.
    ///
    /// # Errors
    /// [`Fault::Invalid`] for a name that another kiosk has.
    pub async fn kiosk_enrol(&self, token: &Token, name: &str) -> Result<Enrolment, DbError> {
        let enrol = query_scalar("SELECT api.kiosk_enrol($1, $2)")
            .bind(token.bytes())
            .bind(name.to_owned());
        self.call(enrol).await
    }

    /// A new code for a kiosk's attendant (staff).
    ///
    /// # Errors
    /// [`Fault::NotFound`] for none, and for a retired one.
    pub async fn kiosk_new_pin(&self, token: &Token, kiosk: KioskId) -> Result<NewPin, DbError> {
        let renew = query_scalar("SELECT api.kiosk_new_pin($1, $2)")
            .bind(token.bytes())
            .bind(kiosk.0);
        self.call(renew).await
    }

    /// Gives a kiosk another name (staff).
    ///
    /// # Errors
    /// [`Fault::Invalid`] for a name that another kiosk has.
    pub async fn kiosk_rename(
        &self,
        token: &Token,
        nonce: Nonce,
        kiosk: KioskId,
        name: &str,
    ) -> Result<KioskLine, DbError> {
        let rename = query_scalar("SELECT api.kiosk_rename($1, $2, $3, $4)")
            .bind(token.bytes())
            .bind(nonce)
            .bind(kiosk.0)
            .bind(name.to_owned());
        self.call(rename).await
    }

    /// Retires a kiosk (staff): its secret is worth nothing any more.
    ///
    /// # Errors
    /// [`Fault::NotFound`].
    pub async fn kiosk_retire(
        &self,
        token: &Token,
        nonce: Nonce,
        kiosk: KioskId,
    ) -> Result<KioskLine, DbError> {
        let retire = query_scalar("SELECT api.kiosk_retire($1, $2, $3)")
            .bind(token.bytes())
            .bind(nonce)
            .bind(kiosk.0);
        self.call(retire).await
    }

    /// All kiosks (staff), those at work first.
    ///
    /// # Errors
    /// [`Fault::NotAllowed`] for anybody else.
    pub async fn kiosks(&self, token: &Token) -> Result<Vec<KioskLine>, DbError> {
        self.call(query_scalar("SELECT api.kiosks($1)").bind(token.bytes()))
            .await
    }

    /// The kiosk at work that is called so (staff).
    ///
    /// # Errors
    /// [`Fault::NotFound`].
    pub async fn kiosk_named(&self, token: &Token, name: &str) -> Result<KioskLine, DbError> {
        let wanted = name.trim().to_lowercase();
        self.kiosks(token)
            .await?
            .into_iter()
            .find(|kiosk| kiosk.is_active && kiosk.name.as_str().to_lowercase() == wanted)
            .ok_or_else(|| DbError {
                fault: Fault::NotFound(SafeText::line(&format!(
                    "There is no kiosk called “{}”.",
                    name.trim()
                ))),
                transient: false,
            })
    }
}
