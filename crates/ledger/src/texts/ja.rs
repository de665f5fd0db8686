//! 日本語

use super::{Contradictions, Problem, Texts};

const REPLACED: &str = "この記録を根拠にせず、作業記録と照合し、情報セキュリティ管理者に報告してください。";

pub(super) const TEXTS: Texts = Texts {
    verified: "検証済み",
    unclosed: "未完結",
    refused: "検証できません",
    beginning: "{file} の途中までの写し",
    unknown: "不明",
    none: "—",
    session: "セッション",
    opened: "開始",
    last: "最後の記録",
    clock_confirmed: "日時は人が確認",
    clock_corrected: "日時は人が訂正",
    clock_not_confirmed: "日時は未確認",
    pc: "パソコン",
    asset: "資産管理番号",
    operator: "実施者（申告）",
    witness: "立会職員（申告）",
    no_witness: "なし",
    class: "分類",
    table: "規則表",
    table_custom: "（団体独自）",
    key: "鍵の指紋",
    head: "照合文字",
    locked_by: "媒体 {drive}（シリアル番号 {serial}）はロックされている場合があります。ATAユーザーパスワード: {password}",
    until_line: "以下は {entries} 件目の記録までの内容です。",
    column_number: "番号",
    column_model: "型式",
    column_serial: "シリアル番号",
    column_medium: "媒体",
    column_asked: "求めた方法",
    column_achieved: "達した方法",
    column_outcome: "結果",
    column_verdict: "取扱い",
    medium_optical: "光学媒体",
    medium_usb: "USBメモリ",
    medium_other: "その他",
    workbench: "作業用の PC",
    declared: "（申告）",
    column_handling: "手作業",
    column_by: "処置した人",
    column_asset: "資産管理番号",
    destroyed: "破壊",
    degaussed: "消磁",
    set_aside: "保管（庁舎内で破壊）",
    reuse: "再利用・返却できます",
    contractor: "破壊業者へ引き渡せます",
    must_not_leave: "庁舎から持ち出せません（庁舎内で破壊）",
    no_verdict: "検証できないため判断できません",
    not_reached: "未実施",
    sum_good: "{logs} 件すべて検証できました。",
    sum_bad: "{logs} 件のうち {bad} 件に問題があります。",
    unreadable: Problem {
        what: "ファイルを読み取れません（{detail}）。",
        todo: "スティックを別のパソコンで読み、読めなければ作業記録と照合してください。",
    },
    empty: Problem {
        what: "ファイルが空です。",
        todo: "このセッションは記録がないものとして扱い、パソコンを確認してください。",
    },
    no_log: Problem {
        what: "{line} 行目が massho の記録の形になっていません（改ざん、または別のファイル）。",
        todo: "スティックの元のファイルで検証し直し、同じなら管理者に報告してください。",
    },
    unknown_format: Problem {
        what: "記録の形式「{format}」をこの版は知りません。",
        todo: "新しい版の massho-ledger で検証してください。",
    },
    altered: Problem {
        what: "{line} 行目が書かれた後に変えられています（改ざん）。", todo: REPLACED
    },
    other_key: Problem { what: "{line} 行目が別の鍵で署名されています。", todo: REPLACED },
    wrong_key: Problem {
        what: "鍵が違います。記録の鍵の指紋は {found} で、指定は {expected} です。",
        todo: "画面に出た指紋の控えと見比べ、控えが正しければ管理者に報告してください。",
    },
    missing: Problem {
        what: "{line} 行目の前で {from} 番から {to} 番までの記録が抜けています。",
        todo: REPLACED,
    },
    reordered: Problem {
        what: "{line} 行目の順序が入れ替わっています（{expected} 番のところに {found} 番）。",
        todo: REPLACED,
    },
    repeated: Problem {
        what: "{line} 行目に {found} 番の記録が繰り返されています。", todo: REPLACED
    },
    not_understood: Problem {
        what: "{line} 行目は署名は正しいものの、内容を読み取れません（{detail}）。",
        todo: "記録を作った版に合う massho-ledger で検証し、同じなら開発元に報告してください。",
    },
    contradictory: Problem {
        what: "{line} 行目の内容が矛盾しています: {detail}",
        todo: "この記録を根拠にせず、媒体を庁舎内に留め、管理者に報告してください。",
    },
    after_close: Problem {
        what: "終了の記録の後（{line} 行目）に何かが足されています。", todo: REPLACED
    },
    torn: Problem {
        what: "未完結です。ファイルが {line} 行目の途中で終わっています（電源断・抜き取り、または切り取り）。",
        todo: "結果のない媒体は庁舎内に留め、そのパソコンでもう一度実施してください。",
    },
    not_closed: Problem {
        what: "未完結です。終了の記録がありません（電源断・抜き取り、または切り取り）。",
        todo: "結果のない媒体は庁舎内に留め、そのパソコンでもう一度実施してください。",
    },
    head_differs: Problem {
        what: "照合文字が違います。この記録は {found}、指定は {expected} です。",
        todo: "作業記録の控えと見比べ、控えが正しければ記録のすり替えとして管理者に報告してください。",
    },
    before_gone: Problem {
        what: "同じスティックの直前の記録 {file} がありません。",
        todo: "スティック全体を写し直し、それでもなければ管理者に報告してください。",
    },
    before_changed: Problem {
        what: "同じスティックの直前の記録 {file} が、このセッションの開始時と異なります。",
        todo: "スティックの元のファイルで検証し直し、同じなら管理者に報告してください。",
    },
    only_copy: Problem {
        what: "{log} がありません。代わりに写しの {copy} を検証しました。",
        todo: "写しだけで十分です。だれも削除していないなら、USBメモリが故障しかけています。もう使わないでください。",
    },
    one_damaged: Problem {
        what: "{bad} は壊れています。代わりに、より多くを証明する {good} を検証しました。",
        todo: "どちらか一方で十分です。両方を保管し、そのUSBメモリは故障のおそれがあるのでもう使わないでください。",
    },
    twins_conflict: Problem {
        what: "{log} と {copy} が、それぞれ別の内容を証明しています。同じ名前の別のログです。",
        todo: "どちらも信用せず、紙の記録と照らし合わせて、報告してください。",
    },
    session_missing: Problem {
        what: "スティック {stick} の {counter} 番目のセッションの記録がありません。",
        todo: "スティック全体を写し直し、それでもなければ、その日のパソコンと作業記録を確認してください。",
    },
    path_not_there: Problem {
        what: "{path} がありません。",
        todo: "スティックのフォルダー、記録のファイル、またはイメージの場所を指定してください。",
    },
    path_unreadable: Problem {
        what: "{path} を読み取れません（{detail}）。",
        todo: "読み取りの権限とスティックの接続を確認してください。",
    },
    path_no_fat: Problem {
        what: "{path} に FAT や exFAT の領域がありません。",
        todo: "結果用USBメモリ、そのイメージ、またはそのファイルを入れたフォルダーを指定してください。",
    },
    path_no_logs: Problem {
        what: "{path} に massho の記録がありません。",
        todo: "MASSHO-LOG フォルダーのあるスティックを指定してください。",
    },
    anchor_of_many: Problem {
        what: "--key と --head は一つのセッションのものですが、{path} には複数の記録があります。",
        todo: "その指紋や照合文字の記録のファイルを指定してください。",
    },
    bad_key: Problem {
        what: "--key の指紋を読み取れません。",
        todo: "16 進数 32 桁を、4 桁ずつの区切りのまま、または続けて入力してください。",
    },
    bad_head: Problem {
        what: "--head の照合文字を読み取れません。",
        todo: "作業記録の 12 文字を XXXX-XXXX-XXXX の形で入力してください。",
    },
    contradictions: Contradictions {
        opened_twice: "開始の記録が二つあります。",
        key_origin: "鍵の由来（準備済みスティック）と証明の有無が合いません。",
        unknown_drive: "一覧にない媒体 {drive} についての記録です。",
        drive_changed: "媒体 {drive} が途中で別の媒体になっています。",
        plan: "計画が一覧や選択と合いません。",
        out_of_reach: "媒体 {drive} の計画の方法は、その手段では達せません。",
        ineligible: "対象にできない媒体 {drive} を抹消する計画です。",
        not_confirmed: "媒体 {drive} に、確認された計画なしに着手しています。",
        another_drive: "媒体 {drive} として別の媒体に着手しています。",
        not_begun: "着手の記録のない媒体 {drive} についての記録です。",
        inconsistent: "媒体 {drive} の結果の各項目が互いに合いません。",
        asked_otherwise: "媒体 {drive} の結果は、計画と違う方法を求めたことになっています。",
        not_proven: "媒体 {drive} の達した方法を、証拠が裏付けていません（{flaw}）。",
        witness_is_operator: "立会職員が実施者本人です。",
        result_missing: "媒体 {drive} の結果がありません。",
        not_attested: "媒体 {drive} の暗号化消去の条件（図表44）を、だれも確かめていません。",
        other_namespace: "媒体 {drive} と同じ装置の別の領域（namespace）が抹消されていないのに、抹消済みとされています。",
        close_differs: "終了の記録の媒体 {drive} の結果が、個々の記録と合いません。",
        close_count: "終了の記録の件数が実際と合いません。",
        exception_done: "例外措置による方法を計画した媒体 {drive} が、完了とされています。",
        not_excepted: "例外措置の記録がない媒体 {drive} が、承認待ちとされています。",
        declared_twice: "媒体 {drive} のラベルまたは例外措置の記録が二つあります。",
        by_hand_order: "手作業の記録が選択の記録より前にあるか、番号が 1 から続いていません。",
        by_hand_medium: "手作業 {number} の記録が、一覧の媒体と別の媒体の両方についてのものか、どちらについてのものでもありません。",
        by_hand_nobody: "手作業 {number} の実施者の名前がありません。",
        by_hand_begun: "抹消中の媒体 {drive} についての手作業の記録です。",
        by_hand_before: "すでに手作業で破壊または消磁した媒体 {drive} に着手しています。",
        close_differs_by_hand: "終了の記録の手作業 {number} の結果が、個々の記録と合いません。",
    },
    keys: &super::keys_ja::TEXTS,
    boot: &super::boot_ja::TEXTS,
};
