// What the buttons do. The state is what was chosen, the notes that people typed, and the language.

const CATALOGUES = JSON.parse(document.getElementById("catalogues").textContent);
const state = {
  language: CATALOGUES.language,
  judgements: [],
  office: { organisations: [], revocations: [], refused: 0 },
};
const place = (id) => document.getElementById(id);
const texts = () => CATALOGUES.texts[state.language];
const words = () => CATALOGUES.words[state.language];
const ui = (name) => CATALOGUES.viewer[state.language][name];

function setLanguage(language) {
  state.language = language;
  document.documentElement.lang = language;
  for (const marked of document.querySelectorAll("[data-ui]")) marked.textContent = ui(marked.dataset.ui);
  document.title = ui("title");
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", `${button.dataset.language === language}`);
  }
  show();
}

/** Takes what was chosen or dropped; `sources` may still be coming. */
async function take(sources) {
  place("state").textContent = ui("reading");
  document.body.dataset.state = "reading";
  try {
    state.judgements = await judgeAll(await sources);
    await askWhoVouches();
    document.body.dataset.state = "ready";
  } catch (error) {
    state.judgements = [];
    place("result").replaceChildren(
      problemElement({ what: ui("failed"), todo: `${ui("failed-do")} (${error.message})` }),
    );
    document.body.dataset.state = "failed";
    return;
  }
  show();
}

/** Asks anew for every log, by the office's documents of now. */
async function askWhoVouches() {
  for (const log of state.judgements.flatMap((judgement) => judgement.logs)) {
    if (log.report?.open) log.trust = await trustOf(log.report, state.office);
  }
}

/** Takes the office's documents: those built in, or chosen on the page. */
async function takeOffice(lines) {
  state.office = await readOffice(lines);
  await askWhoVouches();
  show();
}

async function officeFiles(list) {
  const read = await Promise.all([...list].map((file) => file.text()));
  return read.map((document) => document.replace(/\n$/, ""));
}

async function officeElement() {
  const { organisations, revocations, refused } = state.office;
  const known = await Promise.all(
    organisations.map(async ({ name, fiscal_year: year, public_key: key }) =>
      element("li", {}, `${harmless(name)} (${year}) ${await fingerprintOf(key)}`),
    ),
  );
  const lists = revocations.map(({ number: no, sticks }) =>
    element("li", {}, fill(ui("revocations"), { number: no, sticks: sticks.length })),
  );
  const bad = refused > 0 ? [element("li", { className: "answer" }, fill(ui("office-refused"), { refused }))] : [];
  const none = organisations.length === 0 ? [element("li", {}, ui("office-none"))] : [];
  return [...known, ...none, ...lists, ...bad];
}

function show() {
  officeElement().then((lines) => place("office").replaceChildren(...lines));
  place("paper").replaceChildren();
  place("state").textContent = state.judgements.length === 0 ? ui("nothing-yet") : "";
  place("result").replaceChildren(...state.judgements.map(judgementElement));
}

function judgementElement(judgement) {
  if (judgement.logs.length === 0) {
    return element(
      "section",
      { className: "source" },
      problemElement(tell(texts().path_no_logs, { path: judgement.source })),
    );
  }
  const allGood = judgement.logs.every(isGood) && judgement.missing.length === 0;
  return element(
    "section",
    { className: "source" },
    element("h2", {}, harmless(judgement.source)),
    element("p", { className: `sum ${allGood ? "good" : "bad"}` }, sumOf(texts(), judgement)),
    buttons(() => certificatesFrom(judgement.logs)),
    judgement.missing.map((missing) => problemElement(missingOf(texts(), missing))),
    judgement.logs.map((log) => logCard(log)),
  );
}

function logCard(log) {
  const card = element("article", { className: "log" });
  const form = () => (log.report ? [notesForm(log, fillCard)] : []);
  const fillCard = () => card.replaceChildren(...logElement(texts(), log), ...form());
  fillCard();
  return card;
}

/** Where the notes of screen and paper are typed; the log is judged anew by them. */
function notesForm(log, done) {
  const field = (name, value) =>
    element(
      "label",
      {},
      ui(name),
      element("input", { name, value: value ?? "", autocomplete: "off", spellcheck: "false" }),
    );
  const answer = element("p", { className: "answer" });
  const compare = async (event) => {
    event.preventDefault();
    const typed = new FormData(event.target);
    const [head, key] = [typed.get("head").trim(), typed.get("key").trim()];
    const anchors = { head: head ? readHead12(head) : undefined, key: key ? readFingerprint(key) : undefined };
    if (anchors.head === null) return void (answer.textContent = ui("bad-head"));
    if (anchors.key === null) return void (answer.textContent = ui("bad-key"));
    log.report = await verifyLog(log.bytes, anchors);
    log.anchors = anchors;
    done();
  };
  return element(
    "form",
    { className: "notes-form", onsubmit: compare },
    field("head", log.anchors?.head),
    field("key", log.anchors?.key),
    element("button", {}, ui("compare")),
    answer,
    buttons(() => certificatesFrom([log])),
  );
}

function certificatesFrom(logs) {
  return logs.flatMap((log) => {
    const good = log.report && !log.report.fault;
    return certificatesOf(log, { key: Boolean(good && log.anchors?.key), witness: Boolean(good && log.anchors?.head) });
  });
}

/** Buttons for the certificates of some logs. */
function buttons(certificates) {
  const draw = () => place("paper").replaceChildren(...certificates().map((one) => certificateElement(words(), one)));
  const print = () => {
    draw();
    window.print();
  };
  const save = () => {
    const blob = new Blob([csvTable(words(), CATALOGUES.columns, certificates())], { type: "text/csv" });
    const link = element("a", { href: URL.createObjectURL(blob), download: "massho-list.csv" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  if (certificates().length === 0) return null;
  const button = (name, onclick) => element("button", { type: "button", "data-do": name, onclick }, ui(name));
  return element("div", { className: "buttons" }, button("view", draw), button("print", print), button("csv", save));
}

function listen() {
  for (const input of [place("folder"), place("files")]) {
    input.addEventListener("change", () => {
      const chosen = chosenFiles(input.files);
      // The same folder chosen again is read again.
      input.value = "";
      take(chosen);
    });
  }
  place("documents").addEventListener("change", async ({ target }) => takeOffice(await officeFiles(target.files)));
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => setLanguage(button.dataset.language));
  }
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    take(droppedFiles(event.dataTransfer));
  });
}

if (globalThis.crypto?.subtle) {
  listen();
  setLanguage(state.language);
  takeOffice([...CATALOGUES.organisations, ...CATALOGUES.revocations]).then(() => {
    document.body.dataset.state = "waiting";
  });
} else {
  place("state").textContent = ui("no-crypto");
}
