//! A leaderboard as comma-separated values: no more than the screen shows, and no cell that a spreadsheet would take for a
//! formula ([`super::csv`]).

use super::board::Ranked;
use super::csv;

/// The first line. `rank_before` is the rank in the period before, where there is one.
pub fn heading() -> String {
    csv::line(["rank", "tied", "username", "full_name", "points", "rank_before"])
}

/// A line for each.
pub fn rows(members: &[Ranked]) -> String {
    members.iter().map(row).collect()
}

fn row(member: &Ranked) -> String {
    let before = member.moved.map(|moved| member.rank + moved);
    csv::line([
        member.rank.to_string().as_str(),
        if member.tied { "true" } else { "false" },
        member.username.as_str(),
        member.full_name.as_str(),
        &member.points.to_string(),
        &before.map_or_else(String::new, |rank| rank.to_string()),
    ])
}

#[cfg(test)]
mod tests {
    use super::{heading, rows};
    use crate::domain::board::Ranked;
    use crate::domain::member::MemberId;

    #[test]
    fn a_row_has_every_column_and_no_formula() {
        let climbed = Ranked {
            rank: 2,
            tied: true,
            user_id: MemberId(7),
            username: "@ana".into(),
            full_name: "=HYPERLINK(\"x\"), Ana".into(),
            points: 1340,
            moved: Some(3),
        };
        let new = Ranked {
            rank: 4,
            tied: false,
            username: "bea".into(),
            full_name: "Bea Lim".into(),
            moved: None,
            ..climbed.clone()
        };
        assert_eq!(
            rows(&[climbed, new]),
            "2,true,\"'@ana\",\"'=HYPERLINK(\"\"x\"\"), Ana\",1340,5\r\n4,false,bea,Bea Lim,1340,\r\n"
        );
        assert_eq!(heading().matches(',').count(), 5);
    }
}
