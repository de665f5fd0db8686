//! What is said about job lists.

use super::{Language, Problem};

/// The texts about job lists.
pub(crate) struct JobTexts {
    pub(crate) signed: &'static str,
    pub(crate) pc: &'static str,
    pub(crate) column: Problem,
    pub(crate) twice: Problem,
    pub(crate) no_list: Problem,
    pub(crate) empty: Problem,
    pub(crate) days: Problem,
    pub(crate) outside: Problem,
    pub(crate) operator: Problem,
    pub(crate) same_witness: Problem,
    pub(crate) excel: Problem,
    pub(crate) not_ascii: Problem,
    pub(crate) class: Problem,
    pub(crate) purpose: Problem,
    pub(crate) no_asset: Problem,
    pub(crate) too_long: Problem,
    pub(crate) differs: Problem,
    pub(crate) no_pc: Problem,
    pub(crate) pc_serial: Problem,
    pub(crate) uuid: Problem,
    pub(crate) pc_twice: Problem,
    pub(crate) no_model: Problem,
    pub(crate) drive_serial: Problem,
    pub(crate) drive_twice: Problem,
}

impl JobTexts {
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::Ja => &JA,
            Language::En => &EN,
        }
    }
}

const JA: JobTexts = JobTexts {
    signed: "自動実行の一覧に署名しました: {path}\n  有効期間  {from} から {until} まで\n  PC        {pcs} 台、ドライブ {drives} 台\n結果用USBメモリの準備で指定してください（stick prepare --jobs）。\n",
    pc: "  {asset}  {names}  区分({class})  {purpose}  ドライブ {drives}\n",
    column: Problem {
        what: "一覧に「{heading}」の列がありません。",
        todo: "見出しの行にその列を加えてください。",
    },
    twice: Problem {
        what: "一覧に「{heading}」の列が二つあります。",
        todo: "どちらかを消すか、見出しを変えてください。",
    },
    no_list: Problem {
        what: "{path} を一覧として読めません（{detail}）。",
        todo: "Excelから「CSV UTF-8」で保存し直してください。",
    },
    empty: Problem {
        what: "一覧に行がありません。", todo: "ドライブごとに1行を入力してください。"
    },
    days: Problem {
        what: "有効期間に日がありません（{from} から {until} まで）。",
        todo: "--from と --until を確かめてください。",
    },
    outside: Problem {
        what: "有効期間が団体の鍵の期間（{from} から {until} まで）の外です。",
        todo: "--from と --until をその中にするか、先に次の年度の鍵を作ってください（key rotate）。",
    },
    operator: Problem {
        what: "{option} の名前を使えません（1文字から40文字、前後の空白なし）。",
        todo: "もう一度指定してください。",
    },
    same_witness: Problem {
        what: "立会職員が実施者と同じです。",
        todo: "--witness に別の職員を指定するか、指定しないでください。",
    },
    excel: Problem {
        what: "{line} 行目: 「{value}」は、Excelが番号を数に変えたものです。",
        todo: "列を文字列にして、元の番号を入力し直してください。",
    },
    not_ascii: Problem {
        what: "{line} 行目: 「{value}」に全角などの文字があり、PCやドライブの番号とは一致しません。",
        todo: "半角の英数字で、PCやドライブが示すとおりに入力してください。",
    },
    class: Problem {
        what: "{line} 行目: 区分「{value}」は 1、2、3 のどれでもありません。",
        todo: "図表42の区分を数字で入力してください。",
    },
    purpose: Problem {
        what: "{line} 行目: 目的「{value}」は「抹消」でも「引渡前の消去」でもありません。",
        todo: "どちらかを入力してください。",
    },
    no_asset: Problem {
        what: "{line} 行目: 資産管理番号がありません。",
        todo: "入力してください。同じPCのドライブには同じ番号を入力します。",
    },
    too_long: Problem {
        what: "{line} 行目: 「{value}」は 40 文字を超えています。",
        todo: "短くしてください。",
    },
    differs: Problem {
        what: "{line} 行目: {asset} の「{heading}」が {before} 行目と違います。",
        todo: "同じPCの行は、ドライブの型番と製造番号のほかを同じにしてください。",
    },
    no_pc: Problem {
        what: "{line} 行目: PC製造番号もUUIDもありません。",
        todo: "少なくとも一方を入力してください。両方あれば、両方が一致したPCだけを対象にします。",
    },
    pc_serial: Problem {
        what: "{line} 行目: PC製造番号「{value}」は、ほかのPCと見分けられません。",
        todo: "UUIDで指定してください。どちらもないPCは自動実行できません。",
    },
    uuid: Problem {
        what: "{line} 行目: UUID「{value}」は、UUIDの形でないか、ほかのPCと見分けられません。",
        todo: "PCが示すとおりに入力するか、PC製造番号で指定してください。",
    },
    pc_twice: Problem {
        what: "{line} 行目: {before} 行目のPCと、製造番号、UUID、資産管理番号のどれかが同じです。",
        todo: "どちらかを直してください。同じPCなら資産管理番号を同じにしてください。",
    },
    no_model: Problem {
        what: "{line} 行目: ドライブ型番がありません。",
        todo: "ドライブが示すとおりに入力してください。記録や massho probe に出ます。",
    },
    drive_serial: Problem {
        what: "{line} 行目: ドライブ製造番号「{value}」は、ほかのドライブと見分けられません。",
        todo: "そのドライブは自動実行の一覧から外し、画面で操作してください。",
    },
    drive_twice: Problem {
        what: "{line} 行目: ドライブ製造番号「{value}」は前の行にもあります。",
        todo: "どちらかを直してください。",
    },
};

const EN: JobTexts = JobTexts {
    signed: "The job list is signed: {path}\n  valid from {from} to {until}\n  {pcs} PCs, {drives} drives\nGive it when a stick is prepared (stick prepare --jobs).\n",
    pc: "  {asset}  {names}  class ({class})  {purpose}  {drives} drives\n",
    column: Problem { what: "The list has no column \"{heading}\".", todo: "Add it to the row of headings." },
    twice: Problem {
        what: "The list has two columns \"{heading}\".",
        todo: "Take one away, or give it another heading.",
    },
    no_list: Problem {
        what: "{path} cannot be read as a list ({detail}).",
        todo: "Save it from Excel as \"CSV UTF-8\" once more.",
    },
    empty: Problem { what: "The list has no rows.", todo: "Enter a row for each drive." },
    days: Problem { what: "There is no day from {from} to {until}.", todo: "Look at --from and --until." },
    outside: Problem {
        what: "The days are not those of the organisation's key, {from} to {until}.",
        todo: "Choose --from and --until within them, or make the next fiscal year's key first (key rotate).",
    },
    operator: Problem {
        what: "The name of {option} cannot be used (1 to 40 characters, no blanks around it).",
        todo: "Give it once more.",
    },
    same_witness: Problem {
        what: "The witness is the operator.",
        todo: "Give somebody else with --witness, or nobody.",
    },
    excel: Problem {
        what: "Line {line}: \"{value}\" is what Excel made of a long number.",
        todo: "Make the column text, and enter the number again.",
    },
    not_ascii: Problem {
        what: "Line {line}: \"{value}\" has characters that no PC or drive reports, full-width ones for instance.",
        todo: "Enter it as the PC or the drive says it.",
    },
    class: Problem {
        what: "Line {line}: the class \"{value}\" is none of 1, 2 and 3.",
        todo: "Enter the class of figure 42 as a digit.",
    },
    purpose: Problem {
        what: "Line {line}: the purpose \"{value}\" is neither \"erase\" nor \"handover\".",
        todo: "Enter one of them.",
    },
    no_asset: Problem {
        what: "Line {line}: there is no asset number.",
        todo: "Enter it; the drives of one PC have the same.",
    },
    too_long: Problem {
        what: "Line {line}: \"{value}\" has more than 40 characters.",
        todo: "Make it shorter.",
    },
    differs: Problem {
        what: "Line {line}: \"{heading}\" of {asset} is not that of line {before}.",
        todo: "In the rows of one PC everything but the drive's model and serial number is the same.",
    },
    no_pc: Problem {
        what: "Line {line}: there is neither the PC's serial number nor its UUID.",
        todo: "Enter one of them; with both, only a PC that has both is meant.",
    },
    pc_serial: Problem {
        what: "Line {line}: the PC's serial number \"{value}\" does not tell it from other PCs.",
        todo: "Give its UUID. A PC that has neither cannot be erased unattended.",
    },
    uuid: Problem {
        what: "Line {line}: \"{value}\" is no UUID, or one that many PCs have.",
        todo: "Enter it as the PC says it, or give the PC's serial number.",
    },
    pc_twice: Problem {
        what: "Line {line}: the serial number, UUID or asset number is that of the PC in line {before}.",
        todo: "Correct one of them. If it is the same PC, give it the same asset number.",
    },
    no_model: Problem {
        what: "Line {line}: there is no model of the drive.",
        todo: "Enter it as the drive says it: logs and massho probe show it.",
    },
    drive_serial: Problem {
        what: "Line {line}: the drive's serial number \"{value}\" does not tell it from other drives.",
        todo: "Leave the drive out of the list, and erase it by hand.",
    },
    drive_twice: Problem {
        what: "Line {line}: the drive's serial number \"{value}\" stands in an earlier line, too.",
        todo: "Correct one of them.",
    },
};
