//! 日本語

use super::Words;
use crate::texts::Problem;

pub(super) const WORDS: Words = Words {
    separator: "、",
    bad_date: Problem {
        what: "{date} を日付として読み取れません。",
        todo: "2027-03-31 の形で入力してください。",
    },
    no_ledger: Problem {
        what: "台帳 {path} がありません。",
        todo: "--ledger で場所を指定するか、massho-ledger collect で新しく始めてください。",
    },
    exists: Problem {
        what: "{path} はすでにあります。",
        todo: "まだない名前を指定してください。上書きはしません。",
    },
    not_a_ledger: Problem {
        what: "{path} は台帳のファイルではありません。",
        todo: "--ledger で台帳のファイルを指定してください。",
    },
    newer_ledger: Problem {
        what: "{path} は新しい版の massho-ledger で書かれています。",
        todo: "その版をお使いください。何も変更していません。",
    },
    busy: Problem {
        what: "ほかの人が {path} に書き込んでいます。",
        todo: "終わるのを待って、もう一度実行してください。何も変更していません。",
    },
    damaged: Problem {
        what: "{path} が壊れています（{detail}）。",
        todo: "直近のバックアップを使い、スティックを集め直してください。壊れたファイルも残してください。",
    },
    ledger_fails: Problem {
        what: "{path} を読み書きできません（{detail}）。",
        todo: "権限と空き容量を確認してください。何も変更していません。",
    },
    taken_verified: "検証済み {count} 件",
    taken_completed: "未完結から完結 {count} 件",
    taken_unclosed: "未完結 {count} 件",
    taken_beginnings: "途中までの写し {count} 件",
    taken_refused: "検証できず別に保管 {count} 件",
    taken_rivals: "同じセッションの別の記録と矛盾 {count} 件",
    taken_known: "登録済み {count} 件",
    taken_nothing: "なし",
    kept_apart: "別に保管",
    rival: Problem {
        what: "同じセッションの別の記録と矛盾しています（どちらも署名は正しい）。",
        todo: "作業記録の照合文字を massho-ledger witness で入力してください。それまではどちらも根拠になりません。",
    },
    contradictory_drive: Problem {
        what: "シリアル番号 {serial} の媒体の記録は、その内容が示す以上の方法を達したとしています: {why}",
        todo: "この記録を根拠にせず、媒体を庁舎内に留め、管理者に報告してください。",
    },
    broken_link: Problem {
        what: "スティック {stick} のセッション {session} の直前の記録 {file} が、当時のままの形ではありません。",
        todo: "スティック全体を集め直し、同じなら記録の抜き取りかすり替えとして管理者に報告してください。",
    },
    disagreements: [
        "分類と規則表の選択がありません。",
        "この版にない規則表に基づいています。",
        "何も実施されていません。",
        "その手段は、この媒体ではその方法に達しません。",
        "その手段は、この分類と媒体では規則表で認められていません。",
        "上書きの回数が規則表より少ないです。",
        "装置の状態の語が、正常な終了を示していません。",
        "目印を書いていないか、消えずに残っています。",
        "読み返した量が規則表より少ないです。",
    ],
};
