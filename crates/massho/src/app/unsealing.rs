//! The key of a prepared stick: opened by its passphrase, on a thread of its own.

use super::App;
use crate::office::{Unsealed, unseal_in_background};
use wizard::{Msg, Secret, UnsealProblem};

impl App {
    /// Tries a passphrase; [`App::unsealed`] follows.
    pub(super) fn unseal(&mut self, passphrase: Secret) {
        let sealed = self.opened.as_ref().and_then(|stick| stick.office.sealed.clone());
        let Some(sealed) = sealed else {
            return self.tell(Msg::Unsealed(Err(UnsealProblem::Unusable("there is no key".into()))));
        };
        if let Err(error) = unseal_in_background(self.openings, sealed, passphrase, self.events.clone()) {
            self.tell(Msg::Unsealed(Err(UnsealProblem::Unusable(error.to_string()))));
        }
    }

    pub(super) fn unsealed(&mut self, Unsealed { opening, key }: Unsealed) {
        // Of a stick that is not the one in use any more.
        if opening != self.openings {
            return;
        }
        let Some(stick) = &mut self.opened else { return };
        match key {
            Ok(key) => {
                stick.office.key = Some(key);
                let looser = stick.office.looser.clone();
                self.tell(Msg::Unsealed(Ok(())));
                if let Some(table) = looser {
                    self.take_policy(Some(Ok(table)));
                }
                self.look_at_jobs();
            }
            Err(error) => {
                tracing::info!(%error, "a stick's key was not opened");
                self.tell(Msg::Unsealed(Err(Unsealed::problem(&error))));
            }
        }
    }
}
