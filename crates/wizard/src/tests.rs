//! Tests of the screens as a whole: what they show, where keys lead, and what they never do.

mod ahead;
mod ahead_screens;
mod audit;
mod bench;
mod code;
mod desk;
mod exceptions;
mod fixtures;
mod hand;
mod handover;
mod help;
mod journey;
mod keyboard;
mod keypad;
mod labels;
mod obstacles;
mod passphrase;
mod past;
mod people;
mod power;
mod property;
mod rules;
mod screens;
mod unattended;
mod witnessing;
mod wording;
