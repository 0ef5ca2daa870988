// What a page of the guide asks its reader to do, step by step.
//
// - A fence that is no command, after a paragraph that ends in a path and a colon, is that file: "Put this into `src/main.rs`:".
//   It is added to the file after "to the end of `Cargo.toml`:".
// - `sh` is run. A `text` or `json` fence right after it, or after one paragraph that ends in a colon, is what it prints.
// - `sh` after "in a terminal of its own:" goes on until the end of the page, or until "Stop it with Ctrl-C.".
// - Other fences are read and not run: `console` is for what needs an account, Docker or a desktop.

const FENCE = /^```(?<language>[a-z]*)(?:,\S+)?$/;
const FILE = /(?<added>to the end of )?`(?<path>[\w./-]+)`:$/;
const COMMANDS = ['sh', 'console'];
const PRINTED = ['text', 'json'];

/** The steps of a page: `{ line, ... }` with `file` and `text`, `run` and maybe `prints`, `serve`, or `stop`. */
export function steps(markdown) {
  const found = [];
  // The command whose output may follow, if nothing but one paragraph came after it.
  let last;
  let paragraph = '';
  for (const { line, language, text } of blocks(markdown)) {
    if (language === undefined) {
      last = paragraph === '' && text.endsWith(':') ? last : undefined;
      paragraph = text;
      if (text === 'Stop it with Ctrl-C.') {
        found.push({ line, stop: true });
      }
      continue;
    }
    const file = COMMANDS.includes(language) ? undefined : paragraph.match(FILE)?.groups;
    if (file) {
      found.push({ line, file: file.path, text, added: file.added !== undefined });
      last = undefined;
    } else if (language === 'sh') {
      const own = paragraph.toLowerCase().endsWith('in a terminal of its own:');
      last = own ? { line, serve: text } : { line, run: text };
      found.push(last);
    } else if (PRINTED.includes(language) && last?.run !== undefined) {
      last.prints = text;
      last = undefined;
    } else {
      last = undefined;
    }
    paragraph = '';
  }
  return found;
}

/** The paragraphs and fences of a page, each with the number of its first line. */
function* blocks(markdown) {
  const lines = markdown.split('\n');
  let paragraph = [];
  for (let at = 0; at <= lines.length; at += 1) {
    const fence = lines[at]?.match(FENCE)?.groups;
    if (fence === undefined && lines[at]) {
      paragraph.push(lines[at].trim());
      continue;
    }
    if (paragraph.length > 0) {
      yield { line: at + 1 - paragraph.length, text: paragraph.join(' ') };
      paragraph = [];
    }
    if (fence !== undefined) {
      const end = lines.indexOf('```', at + 1);
      if (end < 0) {
        throw new Error(`line ${at + 1}: the fence has no end`);
      }
      yield { line: at + 1, language: fence.language, text: `${lines.slice(at + 1, end).join('\n')}\n` };
      at = end;
    }
  }
}

/** Whether an output is as a page prints it: a line of `...` is any lines, `...` in a line is anything. */
export function matches(printed, output) {
  const pattern = printed
    .trimEnd()
    .split('\n')
    .map((line) => (line.trim() === '...' ? '(?:.*\\n)*?.*' : line.trimEnd().split('...').map(literal).join('.*')))
    .join('\\n');
  const plain = output
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
  return new RegExp(`^${pattern}$`).test(plain);
}

function literal(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
