//! How factors are kept: nothing secret in the clear, and no longer than the server's secret that sealed them.

use super::*;

#[test]
fn nothing_secret_is_kept_in_the_clear() {
    lobby(async |lobby| {
        let ada = Guarded::of(lobby).await;
        let begun = lobby.person().await.post("/users/me/mfa/totp", json!({ "password": PASSWORD })).await.expect(200);
        let token = half_in(lobby).await;
        let mut secrets = ada.recovery_codes.clone();
        secrets.extend(ada.recovery_codes.iter().map(|code| code.replace('-', "")));
        secrets.extend([token, begun.text("secret"), ada.app.secret().to_base32()]);
        let raw: String = ada.app.secret().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        secrets.push(raw);
        for table in ["second_factors", "recovery_codes", "mfa_challenges", "outbox", "idempotency", "users"] {
            for secret in &secrets {
                let sql = format!("SELECT count(*) FROM accounts.{table} t WHERE strpos(t::text, '{secret}') > 0");
                assert_eq!(lobby.database.number(&sql).await, 0, "accounts.{table} holds a secret");
            }
        }
    });
}

#[test]
fn a_factor_outlives_the_secret_that_it_was_sealed_with() {
    const OLD: &str = "a secret that all instances of the tests share";
    const NEW: &str = "another secret, after the change of secrets";
    lobby(async |lobby| {
        let ada = Guarded::of(lobby).await;
        let both = [("LOBBY__SERVER__SECRET", NEW), ("LOBBY__SERVER__FORMER_SECRETS", OLD)];
        let said = lobby_command(&["secrets", "reseal"], Some(&lobby.database), &both).await;
        assert!(said.well && said.output.contains("sealed anew: 1"), "{said:?}");

        // Without the former secret.
        let rotated = Lobby::on(lobby.database.clone(), &[("LOBBY__SERVER__SECRET", NEW)]).await;
        wait_a_step(&rotated);
        let token = half_in(&rotated).await;
        answer(&rotated, &token, "code", &shown(&rotated, &ada.app)).await.expect(200);
        rotated.stop_serving().await;
    });
}

#[test]
fn whoever_lost_both_gets_in_by_the_password_after_an_operator_s_reset() {
    lobby(async |lobby| {
        let ada = Guarded::of(lobby).await;
        let arguments = ["user", "reset-mfa", "--email", EMAIL];
        let said = lobby_command(&arguments, Some(&lobby.database), &[]).await;
        assert!(said.well && said.output.contains("the password alone"), "{said:?}");
        let tokens = log_in(lobby).await.expect(200);
        let inside = ada.person.with_token(&tokens.text("access_token"));
        assert_eq!(inside.get("/users/me").await.expect(200).json["id"], ada.person.user);
        for table in ["second_factors", "recovery_codes"] {
            assert_eq!(lobby.database.number(&format!("SELECT count(*) FROM accounts.{table}")).await, 0, "{table}");
        }
        let again = lobby_command(&arguments, Some(&lobby.database), &[]).await;
        assert!(again.well && again.output.contains("had no second factor"), "{again:?}");
        let unknown = ["user", "reset-mfa", "--email", "nobody@example.org"];
        let said = lobby_command(&unknown, Some(&lobby.database), &[]).await;
        assert!(!said.well && said.errors.contains("no account"), "{said:?}");
    });
}
