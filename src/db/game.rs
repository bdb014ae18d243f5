//! The game as members see it: cards, ledgers, leaderboards, connections. What staff do is in [`super::game_desk`].

use sqlx::query_scalar;
use sqlx::types::Json;

use crate::domain::Nonce;
use crate::domain::badge::GameCard;
use crate::domain::board::{Board, BoardPage, Place, Ranked, TypeBoard};
use crate::domain::connection::{Connected, Connection};
use crate::domain::game::{GameAnswer, GameCall};
use crate::domain::ledger::{Celebration, LedgerKind, PointsPage, WeekPoints};
use crate::domain::member::MemberId;

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// Carries out a call about the game.
    pub(super) async fn game(&self, token: &Token, call: &GameCall) -> Result<GameAnswer, DbError> {
        Ok(match call {
            GameCall::Card(member) => GameAnswer::Card(Box::new(self.game_card(token, *member).await?)),
            GameCall::Ledger {
                member,
                kind,
                before,
                most,
            } => GameAnswer::Ledger(self.points_ledger(token, *member, *kind, *before, *most).await?),
            GameCall::Weeks(member) => GameAnswer::Weeks(self.points_over_time(token, *member).await?),
            GameCall::Board { board, place, most } => {
                GameAnswer::Board(self.board(token, *board, *place, *most).await?)
            }
            GameCall::Find { board, query } => {
                GameAnswer::Found(self.find_on_board(token, *board, query).await?)
            }
            GameCall::TypeBoards => GameAnswer::TypeBoards(self.type_boards(token).await?),
            GameCall::Celebrate => GameAnswer::Celebration(self.earned_since(token).await?),
            GameCall::Celebrated { nonce, through } => {
                self.celebrated(token, *nonce, *through).await?;
                GameAnswer::Done
            }
            GameCall::SetPrivacy { nonce, show_me } => {
                GameAnswer::Privacy(self.set_privacy(token, *nonce, *show_me).await?)
            }
            GameCall::Connections => GameAnswer::Connections(self.my_connections(token).await?),
            GameCall::Connect { nonce, presented } => {
                GameAnswer::Connected(self.connect_with(token, *nonce, presented).await?)
            }
            GameCall::Confirm { nonce, member } => {
                GameAnswer::Connected(self.confirm_connection(token, *nonce, *member).await?)
            }
            GameCall::Rules => GameAnswer::Rules(self.game_rules(token).await?),
            call => self.game_desk(token, call).await?,
        })
    }

    /// A member's page; `None` is the session's own member.
    ///
    /// # Errors
    /// [`crate::domain::Fault::NotAllowed`] for another one, unless staff ask.
    pub async fn game_card(&self, token: &Token, member: Option<MemberId>) -> Result<GameCard, DbError> {
        let card = query_scalar("SELECT api.game_card($1, $2)")
            .bind(token.bytes())
            .bind(member.map(|id| id.0));
        self.call(card).await
    }

    /// A page of a ledger, newest first; `before` is the last row of the page before.
    ///
    /// # Errors
    /// As [`Db::game_card`].
    pub async fn points_ledger(
        &self,
        token: &Token,
        member: Option<MemberId>,
        kind: Option<LedgerKind>,
        before: Option<i32>,
        most: i32,
    ) -> Result<PointsPage, DbError> {
        let page = query_scalar("SELECT api.points_ledger($1, $2, $3, $4, $5)")
            .bind(token.bytes())
            .bind(member.map(|id| id.0))
            .bind(kind.map(LedgerKind::word))
            .bind(before)
            .bind(most);
        self.call(page).await
    }

    /// Points week by week for a year.
    ///
    /// # Errors
    /// As [`Db::game_card`].
    pub async fn points_over_time(
        &self,
        token: &Token,
        member: Option<MemberId>,
    ) -> Result<Vec<WeekPoints>, DbError> {
        let weeks = query_scalar("SELECT api.points_over_time($1, $2)")
            .bind(token.bytes())
            .bind(member.map(|id| id.0));
        self.call(weeks).await
    }

    /// A page of a leaderboard.
    pub async fn board(
        &self,
        token: &Token,
        board: Board,
        place: Place,
        most: i32,
    ) -> Result<BoardPage, DbError> {
        let place = match place {
            Place::Skip(rows) => serde_json::json!({ "skip": rows }),
            Place::Around(member) => serde_json::json!({ "around": member.0 }),
            Place::Behind(member) => serde_json::json!({ "behind": member.0 }),
            Place::Before(member) => serde_json::json!({ "before": member.0 }),
        };
        let page = query_scalar("SELECT api.board($1, $2, $3, $4)")
            .bind(token.bytes())
            .bind(board.word())
            .bind(Json(place))
            .bind(most);
        self.call(page).await
    }

    /// Members of a board by name, best first, at most thirty.
    pub async fn find_on_board(
        &self,
        token: &Token,
        board: Board,
        query: &str,
    ) -> Result<Vec<Ranked>, DbError> {
        let found = query_scalar("SELECT api.find_on_board($1, $2, $3)")
            .bind(token.bytes())
            .bind(board.word())
            .bind(query.to_owned());
        self.call(found).await
    }

    /// The boards of event types.
    pub async fn type_boards(&self, token: &Token) -> Result<Vec<TypeBoard>, DbError> {
        self.call(query_scalar("SELECT api.boards($1)").bind(token.bytes()))
            .await
    }

    /// What the session's member earned and was not told yet.
    pub async fn earned_since(&self, token: &Token) -> Result<Celebration, DbError> {
        self.call(query_scalar("SELECT api.earned_since($1)").bind(token.bytes()))
            .await
    }

    /// They were told, up to this row of the ledger.
    pub async fn celebrated(&self, token: &Token, nonce: Nonce, through: i32) -> Result<(), DbError> {
        let told = query_scalar("SELECT api.celebrated($1, $2, $3)")
            .bind(token.bytes())
            .bind(nonce)
            .bind(through);
        self.call::<bool>(told).await.map(drop)
    }

    /// Whether others see the session's member on leaderboards; answers how it stands.
    pub async fn set_privacy(&self, token: &Token, nonce: Nonce, show_me: bool) -> Result<bool, DbError> {
        let set = query_scalar("SELECT api.set_privacy($1, $2, $3)")
            .bind(token.bytes())
            .bind(nonce)
            .bind(show_me);
        self.call(set).await
    }

    /// Connections of the session's member, and who asks for one.
    pub async fn my_connections(&self, token: &Token) -> Result<Vec<Connection>, DbError> {
        self.call(query_scalar("SELECT api.my_connections($1)").bind(token.bytes()))
            .await
    }

    /// Presents somebody's pass, to connect.
    pub async fn connect_with(
        &self,
        token: &Token,
        nonce: Nonce,
        presented: &str,
    ) -> Result<Connected, DbError> {
        let connect = query_scalar("SELECT api.connect($1, $2, $3)")
            .bind(token.bytes())
            .bind(nonce)
            .bind(presented.to_owned());
        self.call(connect).await
    }

    /// Says yes to somebody who asked.
    ///
    /// # Errors
    /// [`crate::domain::Fault::NotFound`] when they have not asked.
    pub async fn confirm_connection(
        &self,
        token: &Token,
        nonce: Nonce,
        member: MemberId,
    ) -> Result<Connected, DbError> {
        let confirm = query_scalar("SELECT api.confirm_connection($1, $2, $3)")
            .bind(token.bytes())
            .bind(nonce)
            .bind(member.0);
        self.call(confirm).await
    }
}
