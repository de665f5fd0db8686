//! The screens: Model, Msg, update, view; texts in Japanese and English.
