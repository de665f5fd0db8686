// The page: everything is built from text nodes, so that no text can become markup.

function element(tag, properties = {}, ...children) {
  const { className, ...attributes } = properties;
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** One certificate as the ledger's page of it. */
function certificateElement(words, certificate) {
  const doc = new CertificateWriter(words, certificate).document();
  return element(
    "article",
    { className: "certificate" },
    element(
      "header",
      {},
      element("h1", {}, doc.title),
      element("div", { className: "number" }, doc.record.label, element("br"), doc.record.lines.join("")),
    ),
    element(
      "div",
      { className: `banner ${doc.tone}` },
      element("span", { className: "outcome" }, doc.outcome),
      " ",
      element("span", { className: "verdict" }, doc.verdict),
    ),
    doc.notes.length > 0 ? pointsElement(doc.notes, "notes") : null,
    doc.sections.map(sectionElement),
    element(
      "div",
      { className: "end" },
      element(
        "div",
        { className: "stamps" },
        doc.stamps.map((stamp) => stampElement(words, stamp)),
      ),
    ),
    element("div", { className: "summary" }, `${doc.summary.label}: `, element("code", {}, doc.summary.lines.join(""))),
    element(
      "footer",
      {},
      doc.footer.map((line) => element("p", {}, line)),
    ),
  );
}

function sectionElement({ heading, layout, rows, points }) {
  const lines = (row) => row.lines.map((line) => element("div", {}, line));
  const cells = rows.flatMap((row) => [element("dt", {}, row.label), element("dd", {}, lines(row))]);
  if (layout === "pairs" && rows.length % 2 === 1) cells.push(element("dt"), element("dd"));
  return element(
    "section",
    {},
    element("h2", {}, heading),
    cells.length > 0 ? element("dl", layout === "pairs" ? { className: "pairs" } : {}, cells) : null,
    points.length > 0 ? pointsElement(points, "points") : null,
  );
}

function pointsElement(points, className) {
  return element(
    "ul",
    { className },
    points.map((point) => element("li", {}, point)),
  );
}

function stampElement(words, { label, name }) {
  return element(
    "div",
    { className: "stamp" },
    element("div", { className: "whose" }, label),
    element("div", { className: "name" }, name),
    element("div", { className: "seal" }, words["label.stamp"]),
    element("div", { className: "day" }, words["label.date"]),
  );
}

function problemElement({ what, todo }) {
  return element(
    "div",
    { className: "problem" },
    element("p", { className: "what" }, what),
    element("p", { className: "todo" }, todo),
  );
}

function tableElement(className, rows) {
  const [heading, ...lines] = rows;
  const cells = (tag, row) => row.map((cell) => element(tag, {}, cell));
  return element(
    "table",
    { className },
    element("thead", {}, element("tr", {}, cells("th", heading))),
    element(
      "tbody",
      {},
      lines.map((row) => element("tr", {}, cells("td", row))),
    ),
  );
}

/** Everything that `massho-ledger verify` says of one log. */
function logElement(texts, log) {
  const { report } = log;
  const of = report && standing(report);
  const parts = problemsOf(texts, log).map(problemElement);
  if (report) {
    const rows = sessionRows(texts, log).map(([name, value]) =>
      element("tr", {}, element("th", {}, name), element("td", {}, value)),
    );
    parts.push(element("table", { className: "session" }, element("tbody", {}, rows)));
    if (report.drives.length > 0) {
      if (report.fault)
        parts.push(element("p", { className: "until" }, fill(texts.until_line, { entries: report.entries })));
      const drives = report.drives.map((drive) => driveRow(texts, drive, report, of));
      parts.push(tableElement("drives", [driveHeading(texts), ...drives]));
      const passwords = report.drives.map((drive) => passwordLine(texts, drive)).filter(Boolean);
      parts.push(...passwords.map((line) => element("p", { className: "password" }, line)));
    }
    if (report.byHand.length > 0) {
      const hands = report.byHand.map((hand) => handRow(texts, hand, report, of));
      parts.push(tableElement("drives", [handHeading(texts), ...hands]));
    }
  }
  const badge = element("span", { className: `standing ${isGood(log) ? "good" : "bad"}` }, standingOf(texts, log));
  return [element("h3", {}, `${harmless(log.name)}: `, badge), ...parts];
}
