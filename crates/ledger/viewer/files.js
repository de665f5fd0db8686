// Reading what was chosen or dropped: folders of sticks, and single files. Nothing is ever written.

/** A log is some hundred kilobytes; what is larger is no log, and is not read. */
const LARGEST_LOG = 64 * 1024 * 1024;

/** Files of `<input type=file>`, by the folder chosen; without one each is by itself. */
function chosenFiles(list) {
  const files = [...list];
  const [root] = files[0]?.webkitRelativePath.split("/") ?? [];
  if (!root) return files.map((file) => ({ file }));
  const inside = files.map((file) => ({ path: file.webkitRelativePath.slice(root.length + 1), file }));
  return [{ folder: root, inside }];
}

/** What was dropped. The browser gives it away only during the event, so it is asked for at once. */
async function droppedFiles(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  // The older way, webkitGetAsEntry, cannot read folders on a page that is itself a file.
  const handles = await Promise.all(items.map((item) => item.getAsFileSystemHandle?.() ?? item.getAsFile()));
  return Promise.all(
    handles.filter(Boolean).map(async (handle) => {
      if (handle instanceof File) return { file: handle };
      if (handle.kind === "file") return { file: await handle.getFile() };
      return { folder: handle.name, inside: await filesInside(handle) };
    }),
  );
}

/** The files in a folder, in its log folder and in that one's folder of copies; nothing else holds logs. */
async function filesInside(folder, path = "") {
  const inside = [];
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === "file") inside.push({ path: path + name, file: await handle.getFile() });
    else if (holdsLogs(path, name)) inside.push(...(await filesInside(handle, `${path}${name}/`)));
  }
  return inside;
}

const isLogFolder = (name) => lowerAscii(name) === lowerAscii(LOG_FOLDER);
const isCopyFolder = (name) => lowerAscii(name) === lowerAscii(COPY_FOLDER);

function holdsLogs(path, name) {
  if (path === "") return isLogFolder(name) || isCopyFolder(name);
  return path.split("/").length === 2 && isLogFolder(path.slice(0, -1)) && isCopyFolder(name);
}

/** The logs of a folder: in its log folder, or in the folder itself where there is none; with the copies in it. */
async function logsOf(inside) {
  const isInLogFolder = ({ path }) => path.includes("/") && isLogFolder(path.split("/")[0]);
  const below = ({ path, file }) => ({ path: path.slice(path.indexOf("/") + 1), file });
  const candidates = inside.some(isInLogFolder) ? inside.filter(isInLogFolder).map(below) : inside;
  const ofLogs = candidates.filter(({ path, file }) => {
    const folders = path.split("/").slice(0, -1);
    const copies = folders.length === 1 && isCopyFolder(folders[0]);
    return (folders.length === 0 || copies) && (isLogName(file.name) || isCopyName(file.name));
  });
  return joinTwins(await Promise.all(ofLogs.map(({ file }) => readLog(file))));
}

async function readLog(file) {
  try {
    if (file.size > LARGEST_LOG) throw new Error(`${groupedDigits(file.size)} bytes`);
    return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch (error) {
    return { name: file.name, unreadable: error.message };
  }
}

/** Judges everything that was chosen or dropped, each folder as a stick. */
async function judgeAll(sources) {
  const judgements = [];
  for (const { folder, inside, file } of sources) {
    if (file) {
      judgements.push({ source: file.name, logs: [await judgeOne(await readLog(file))], missing: [] });
    } else {
      judgements.push({ source: folder, ...(await judgeStick(await logsOf(inside))) });
    }
  }
  return judgements;
}
