//! 日本語

use super::Problem;
use super::keys::KeyTexts;

const ASK_MANAGER: &str =
    "情報セキュリティ管理者が調べるまで、この記録を根拠にせず、作業記録と照合してください。";

pub(super) const TEXTS: KeyTexts = KeyTexts {
    ask_root: "ルート鍵のパスフレーズ",
    ask_new_root: "ルート鍵の新しいパスフレーズ（8 文字以上）",
    ask_new_stick: "結果用USBメモリのパスフレーズ（8 文字以上。古いPCで入力します）",
    ask_again: "もう一度",
    ask_line: "控えの {line} 行目",
    made: "ルート鍵を作りました。massho-organisation.json を台帳に登録してください（documents add）。\n",
    rotated: "次の年度のルート鍵を作り、今の鍵で署名しました。ログを検証する人全員に新しい massho-organisation.json を渡し（--organisation）、台帳にも登録してください（documents add）。\n",
    restored: "ルート鍵のファイルを元に戻しました。\n",
    about: "  団体      {name}\n  年度      {year}（{from} から {until} まで）\n  鍵の指紋  {fingerprint}\n",
    backup: "\n次の 4 行を鍵の指紋とともに紙に書き写し、金庫に保管してください。この 4 行があれば、パスフレーズなしで鍵を\n使えます。表示するのは今回だけです。\n\n{lines}\n",
    prepared: "結果用USBメモリを準備しました。\n  名前      {stick}\n  有効期間  {from} から {until} まで\n  ファイル  {files}\n名前を結果用USBメモリに書いておいてください。紛失したときは、この名前で失効させます。\n",
    prepared_logs: "前からあった記録は残っています。取り込んでください。\n",
    revoked: "結果用USBメモリ {stick} を失効させました。今後は {path} を指定して検証し（--revocations）、台帳にも登録してください（documents add）。\n",
    released: "結果用USBメモリの記録 {logs} 件はすべて取込み済みで、その旨を結果用USBメモリに記しました。団体の鍵が入った起動用USBメモリで起動した装置は、この結果用USBメモリを抹消の対象にできます。ほかの装置では対象外のままです。\n",
    unwritable: Problem {
        what: "{path} に書き込めません（{detail}）。",
        todo: "書き込みの権限、空き容量、結果用USBメモリの書き込み禁止スイッチを確認してください。",
    },
    already_there: Problem {
        what: "{path} がすでにあるため、何も変更していません。",
        todo: "--keys で別のフォルダーを指定するか、今ある鍵を使ってください。",
    },
    no_organisation: Problem {
        what: "{path} に団体の情報がありません。",
        todo: "massho-organisation.json のあるフォルダーを --keys で指定するか、key new で鍵を作ってください。",
    },
    document: Problem {
        what: "{path} が正しい文書ではありません（{detail}）。",
        todo: "元のファイルに戻してください。なければ管理者に報告してください。",
    },
    not_signed: Problem {
        what: "署名できませんでした（{detail}）。",
        todo: "もう一度実行し、同じなら開発元に報告してください。",
    },
    no_terminal: Problem {
        what: "ここでは入力を受け付けられません（{detail}）。",
        todo: "端末で実行するか、ファイルで渡してください（--help に方法があります）。",
    },
    too_short: Problem {
        what: "パスフレーズが 8 文字未満です。",
        todo: "もっと長くしてください。単語を四つか五つ並べるのがよい方法です。",
    },
    not_typable: Problem {
        what: "結果用USBメモリのパスフレーズに、古いPCのキーボードで入力できない文字があります。",
        todo: "英字、数字、空白を使ってください。記号はキーボードによって位置が違います。",
    },
    two_passphrases: Problem {
        what: "二つのパスフレーズが違うため、何も変更していません。",
        todo: "もう一度実行してください。",
    },
    wrong_passphrase: Problem {
        what: "パスフレーズが違うか、鍵のファイルが変えられています。",
        todo: "もう一度入力してください。忘れたときは、鍵のファイルを別の場所に移し、紙の控えから戻してください（key restore）。",
    },
    memory: Problem {
        what: "メモリーが足りず、鍵を開けません。",
        todo: "ほかのプログラムを閉じるか、メモリーが 1 GB 以上のPCを使ってください。",
    },
    sealed: Problem {
        what: "鍵のファイルを使えません（{detail}）。",
        todo: "元のファイルに戻すか、紙の控えから戻してください（key restore）。",
    },
    backup_lines: Problem {
        what: "控えは 4 行ですが、行数が違います。",
        todo: "4 行すべてを、1 行ずつ入力してください。",
    },
    backup_line: Problem {
        what: "控えの {line} 行目が間違っています。",
        todo: "紙と 1 文字ずつ見比べ、もう一度実行してください。",
    },
    other_key: Problem {
        what: "massho-organisation.json の鍵とは別の鍵です。",
        todo: "同じ団体、同じ年度の控えまたは鍵のファイルを使ってください。",
    },
    no_name: Problem {
        what: "団体の名前が空です。", todo: "--name で指定してください。"
    },
    fiscal_year: Problem {
        what: "年度 {year} は使えません。",
        todo: "今の鍵より後の年度を西暦 4 桁で指定してください。",
    },
    no_stick: Problem {
        what: "{path} は、必要なもののある結果用USBメモリのフォルダーではありません。",
        todo: "結果用USBメモリをマウントし、いちばん上のフォルダーを指定してください。記録は MASSHO-LOG フォルダーにあります。",
    },
    prepared_already: Problem {
        what: "結果用USBメモリはすでに準備されているため（{path}）、何も変更していません。",
        todo: "記録を取り込み、その名前を retired として失効させてから、そのフォルダーを消して準備し直してください。",
    },
    office_file: Problem {
        what: "{path} を結果用USBメモリに入れられません（{detail}）。",
        todo: "ファイルを直して、もう一度実行してください。",
    },
    no_day: Problem {
        what: "団体の鍵の有効期間に、この結果用USBメモリを使える日がありません。",
        todo: "--until に早い日を指定するか、先に次の年度の鍵を作ってください（key rotate）。",
    },
    no_stick_name: Problem {
        what: "結果用USBメモリの名前ではありません。",
        todo: "stick prepare が表示した 32 桁を指定してください。verify も記録ごとに表示します。",
    },
    revoked_already: Problem {
        what: "結果用USBメモリはすでに失効しているため、何も変更していません。",
        todo: "今後は失効の一覧を指定して検証してください（--revocations）。ほかにすることはありません。",
    },
    not_collected: Problem {
        what: "結果用USBメモリの {file} が取り込まれていないため、解放しません。",
        todo: "先に結果用USBメモリの記録を取り込み、それから解放してください。",
    },
    vouched: "保証",
    certified: "{organisation}（結果用USBメモリ {stick}）",
    unchecked: "「{organisation}」（結果用USBメモリ {stick}）: --organisation がないため未確認",
    nobody: "なし（未登録の鍵）",
    doubtful: "なし（上記のとおり）",
    unregistered: Problem {
        what: "この記録を保証する団体がありません。団体が準備していない結果用USBメモリの記録です。",
        todo: "鍵の指紋を画面の控えと（--key）、または照合文字を作業記録と（--head）見比べてください。",
    },
    certificate_altered: Problem {
        what: "結果用USBメモリの証明書が変えられているか、証明書ではありません（{detail}）。",
        todo: ASK_MANAGER,
    },
    foreign: Problem {
        what: "別の団体が準備した結果用USBメモリです: 「{organisation}」、鍵の指紋 {fingerprint}",
        todo: "自分の団体の以前の鍵なら、その文書も --organisation で指定してください。そうでなければ結果用USBメモリを返し、この記録を根拠にしないでください。",
    },
    not_by_stick: Problem {
        what: "このセッションは、名のっている結果用USBメモリで署名されていません。別のセッションの証明です。",
        todo: ASK_MANAGER,
    },
    stick_revoked: Problem {
        what: "結果用USBメモリ {stick} は {since} から失効しています。",
        todo: "その日より前の作業記録に照合文字があるときだけ（--head）、この記録を根拠にしてください。",
    },
    not_yet_valid: Problem {
        what: "PCの時計ではセッションは {on} ですが、結果用USBメモリの有効期間は {from} からです。",
        todo: "電池切れなら作業記録で日付を確かめ、そうでなければ保証のない記録として扱ってください。",
    },
    expired: Problem {
        what: "PCの時計ではセッションは {on} ですが、結果用USBメモリの有効期間は {until} まででした。",
        todo: "次の作業の前に結果用USBメモリを準備し直し、今回の日付は作業記録で確かめてください。",
    },
    table_not_signed: Problem {
        what: "団体が署名していない規則表に従った計画です。",
        todo: "内蔵の規則表で達した方法を判断し、それまで媒体を庁舎内に留めてください。",
    },
    table_signed: "（団体独自・署名済み。内蔵の規則表より緩い場合があります）",
};
