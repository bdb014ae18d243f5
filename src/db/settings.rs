//! The community's settings, for administrators.

use std::time::Duration;

use sqlx::query_scalar;

use crate::domain::Nonce;
use crate::domain::settings::{Setting, Settings, SettingsAnswer, SettingsCall, ZoneEffects};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

/// Another zone looks at every event and counts every board anew: of a large community that takes its time.
const ZONE_LIMIT: Duration = Duration::from_secs(300);

impl Db {
    /// Carries out a call about settings.
    pub(super) async fn settings_call(
        &self,
        token: &Token,
        call: &SettingsCall,
    ) -> Result<SettingsAnswer, DbError> {
        Ok(match call {
            SettingsCall::All => SettingsAnswer::All(self.community_settings(token).await?),
            SettingsCall::Zone(zone) => SettingsAnswer::Zone(self.zone_effects(token, zone).await?),
            SettingsCall::Set {
                nonce,
                setting,
                was,
                value,
            } => SettingsAnswer::All(self.set_setting(token, *nonce, *setting, was, value).await?),
        })
    }

    /// All of them (administrators).
    pub async fn community_settings(&self, token: &Token) -> Result<Settings, DbError> {
        self.call(query_scalar("SELECT api.settings($1)").bind(token.bytes()))
            .await
    }

    /// What another zone would do to weeks (administrators).
    ///
    /// # Errors
    /// [`crate::domain::Fault::Invalid`] for `value` when there is no such zone.
    pub async fn zone_effects(&self, token: &Token, zone: &str) -> Result<ZoneEffects, DbError> {
        let effects = query_scalar("SELECT api.zone_effects($1, $2)")
            .bind(token.bytes())
            .bind(zone.to_owned());
        self.call_within(ZONE_LIMIT, effects).await
    }

    /// Changes one (administrators); nothing is changed when it is not `was` any more, and [`Settings::meanwhile`] tells
    /// who changed it.
    ///
    /// # Errors
    /// [`crate::domain::Fault::Invalid`] for `value`.
    pub async fn set_setting(
        &self,
        token: &Token,
        nonce: Nonce,
        setting: Setting,
        was: &str,
        value: &str,
    ) -> Result<Settings, DbError> {
        let all = query_scalar("SELECT api.set_setting($1, $2, $3, $4, $5)")
            .bind(token.bytes())
            .bind(nonce)
            .bind(setting.word())
            .bind(was.to_owned())
            .bind(value.to_owned());
        let limit = match setting {
            Setting::TimeZone => ZONE_LIMIT,
            _ => self.call_timeout(),
        };
        self.call_within(limit, all).await
    }
}
