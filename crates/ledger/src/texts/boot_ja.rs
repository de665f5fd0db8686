//! 日本語

use super::Problem;
use super::boot::BootTexts;

const WRITE_ANEW: &str = "このUSBメモリは調査のため保管し、別のUSBメモリに書き直してください。情報セキュリティ管理者が調べるまで、このUSBメモリで抹消した結果を根拠にしないでください。";

pub(super) const TEXTS: BootTexts = BootTexts {
    ask: "{path}：{model}、{gigabytes} GB\n中身はすべて失われます。続けるには {name} と入力してください：",
    written: "{path} を起動用USBメモリにしました。{len} バイトを書き込み、読み戻して同じことを確かめました。\n",
    no_key: "団体の鍵は入っていません。このUSBメモリで起動した装置は、準備済みの結果用USBメモリを「照合できない」と表示します。boot prepare で入れてください。\n",
    prepared: "起動用USBメモリに団体の鍵を入れ、読み戻して確かめました。\n  団体            {name}\n  年度            {year}\n  鍵の指紋        {fingerprint}\n  失効したUSBメモリ  {revoked} 本\n",
    as_released: "massho {version}（{commit}）：先頭の {len} バイトは公開時のとおりです。\n  SHA-256  {sha256}",
    as_released_signature: "massho {version}（{commit}）：先頭の {len} バイトは、OS が書くことのある 4 バイト（MBR のディスク署名）を除いて公開時のとおりです。公開時の 4 バイトに戻すと：\n  SHA-256  {sha256}",
    files_as_released: "massho {version}（{commit}）：{count} 個のファイルはすべて公開時のとおりです。",
    unlocked: "この版は、ソースが指定するものと違う Debian パッケージで作られています（unlocked）。",
    keyless: "団体の鍵は入っていません。",
    key_there: "{name} の鍵が入っています：{fingerprint}。自分の団体のものかどうかは --org-key で照合できます。",
    key_yours: "自分の団体の鍵が入っています：{name}、{fingerprint}。",
    not_proven: "この照合で分からないこと：古いPCにも同じ内容を見せたかどうか、そのPC自身のファームウェアの動き。",
    read_back: Problem {
        what: "{path} から、書いたものと違う内容が返ってきました。",
        todo: "壊れているか、表示と中身が違うUSBメモリです。別のUSBメモリを使ってください。",
    },
    no_manifest: Problem {
        what: "{path} は公開時の一覧（マニフェスト）ではありません（{detail}）。",
        todo: "massho.iso と同じ場所にある massho.manifest.json を使ってください。",
    },
    no_boot_stick: Problem {
        what: "{path} に massho の起動用USBメモリがありません。",
        todo: "USBメモリ全体（/dev/DISK）、イメージ、または massho/image.toml のあるフォルダーを指定してください。",
    },
    not_today: Problem {
        what: "団体の鍵の有効期間は {from} から {until} までで、今日は使えません。",
        todo: "今年度の massho-organisation.json を使うか、このPCの日付を直してください。",
    },
    no_device: Problem {
        what: "{path} は機器ではありません。",
        todo: "USBメモリ全体（/dev/DISK）を指定してください。lsblk で一覧を見られます。",
    },
    partition: Problem {
        what: "{path} はディスクの一部分です。",
        todo: "末尾の数字を除いた、USBメモリ全体を指定してください。",
    },
    not_removable: Problem {
        what: "{path} は取り外せるUSBメモリではないため、何も書いていません。",
        todo: "どれがUSBメモリか、もう一度確かめてください。lsblk では RM が 1 と出ます。",
    },
    read_only: Problem {
        what: "{path} は書き込み禁止です。",
        todo: "メモリのスイッチを動かすか、別のUSBメモリを使ってください。",
    },
    in_use: Problem {
        what: "{path} は使用中のため、何も書いていません。",
        todo: "マウントを解除するか、使っているものを閉じてください。",
    },
    holds_records: Problem {
        what: "{path} に massho の記録が {detail} 件あるため、何も書いていません。",
        todo: "先に記録を取り込み、起動用には別のUSBメモリを使ってください。",
    },
    too_small: Problem {
        what: "{path} は {len} バイトで、必要な {needed} バイトに足りません。",
        todo: "もっと大きいUSBメモリを使ってください。",
    },
    not_confirmed: Problem {
        what: "機器の名前が違うため、何も書いていません。",
        todo: "正しい機器であれば、もう一度実行してください。",
    },
    altered: Problem {
        what: "先頭の {len} バイトが massho {version}（{commit}）のものではありません。公開時の SHA-256 は {sha256} です。",
        todo: WRITE_ANEW,
    },
    too_short: Problem {
        what: "公開時の {len} バイトより短くなっています。",
        todo: "イメージが欠けています。書き直してください。",
    },
    other_image: Problem {
        what: "USBメモリはイメージ {found}、一覧は {expected} のものです。",
        todo: "USBメモリに書いた版の一覧（massho.manifest.json）を使ってください。",
    },
    file_missing: Problem {
        what: "ファイル {file} がありません。", todo: "書き直してください。"
    },
    file_altered: Problem {
        what: "ファイル {file} が公開時のものではありません。", todo: WRITE_ANEW
    },
    file_foreign: Problem {
        what: "公開時にないファイル {file} が、起動のときに使われる場所にあります。",
        todo: WRITE_ANEW,
    },
    stranger: Problem {
        what: "鍵を入れる領域に、massho のものではないファイル {file} があります。PCがこれを起動することがあります。",
        todo: "削除してください。誰が入れたか分からなければ、このUSBメモリは調査のため保管し、別のUSBメモリに書き直してください。",
    },
    unchecked: Problem {
        what: "{path} のFATまたはexFATが読めず、記録が残っているかもしれないため、何も書いていません。",
        todo: "先に別のPCで中身を確かめ、要らなければフォーマットしてください。",
    },
    key_missing: Problem {
        what: "自分の団体の鍵が入っていません。",
        todo: "boot prepare で入れてください。",
    },
    key_unusable: Problem {
        what: "入っている団体の鍵は使えません（{detail}）。",
        todo: "boot prepare で自分の団体の鍵を入れてください。",
    },
    key_other: Problem {
        what: "入っている鍵は自分の団体のものではありません：{name}、{fingerprint}。",
        todo: "誰のUSBメモリか確かめてください。自分のものなら boot prepare で鍵を入れ直してください。",
    },
    revocations_other: Problem {
        what: "失効したUSBメモリの一覧が今のものではありません。",
        todo: "boot prepare で今の一覧を入れてください。",
    },
};
