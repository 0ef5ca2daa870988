// Counts what the servers of this folder take: `node tests/side-by-side/count.mjs` prints the lines and tokens of each; with
// the name of a file, the exit code says whether these stand in it.
//
// The rule, which is the same for each language. A line counts unless it is blank, or only comment or documentation of the
// module. Tokens are names and keywords, numbers, texts (each one token, however long), and punctuation; what belongs
// together, such as `::`, `->` or `==`, is one. A documentation comment or docstring, from its first line to its last, is
// one token, and its lines count: it is what a model reads. Indentation and the ends of lines are no tokens, so a block of
// Python has none where Rust has two braces. `shop/`, manifests and lists of requirements are not counted.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SERVERS = {
  hello: { here: ['here/hello.rs'], rmcp: ['rmcp/hello.rs'], FastMCP: ['fastmcp/hello.py'] },
  sales: { here: ['here/sales.rs'], rmcp: ['rmcp/sales.rs'], FastMCP: ['fastmcp/sales.py'] },
  refund: { here: ['here/refund.rs'], rmcp: ['rmcp/refund.rs'], FastMCP: ['fastmcp/refund.py'] },
  'sales, for an agent of Bedrock': {
    here: ['here/action_group.rs'],
    'OpenAPI and Python': ['action-group/openapi.yaml', 'action-group/handler.py'],
    Powertools: ['action-group/powertools.py'],
  },
};

const WORDS = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const NUMBERS = String.raw`\d[\d_]*(?:\.\d+)?`;
const PUNCTUATION = String.raw`\.\.=|\.\.\.|::|->|=>|==|!=|<=|>=|&&|\|\||\*\*|\.\.|[^\s\p{L}\p{N}_]`;
const QUOTED = String.raw`"(?:\\.|[^"\\])*"`;

// What a language has that the others have not; the first alternative that fits is taken. What is called `comment` or
// `module` counts for nothing.
const LANGUAGES = {
  rs: [
    ['module', String.raw`(?://!.*\n\s*)+`],
    ['documentation', String.raw`(?:///.*\n\s*)+`],
    ['comment', String.raw`//.*`],
    ['text', QUOTED],
    ['text', String.raw`'(?:\\.|[^'\\])'`],
    ['word', String.raw`'[a-z_]+`],
  ],
  py: [
    ['module', String.raw`(?<![^])"""[^]*?"""`],
    ['documentation', String.raw`(?<=:\n\s*)"""[^]*?"""`],
    ['comment', String.raw`#.*`],
    ['text', String.raw`[rbf]?"""[^]*?"""`],
    ['text', `[rbf]?${QUOTED}`],
  ],
  yaml: [
    ['comment', String.raw`(?<=\s)#.*`],
    ['text', QUOTED],
    // A plain scalar that is a value.
    ['text', String.raw`(?<=: )[^\s].*`],
    ['text', String.raw`(?<=- )[^:\n]+(?=\n)`],
    ['text', String.raw`[^\s:"]+(?=:)`],
  ],
};

/** The lines and tokens of one file. */
function count(file) {
  const source = readFileSync(join(import.meta.dirname, file), 'utf8');
  const kinds = [...LANGUAGES[file.split('.').at(-1)], ['word', WORDS], ['number', NUMBERS], ['sign', PUNCTUATION]];
  const pattern = new RegExp(kinds.map(([, form]) => `(${form})`).join('|'), 'gu');
  const lines = new Set();
  let tokens = 0;
  for (const match of source.matchAll(pattern)) {
    const [kind] = kinds[match.slice(1).findIndex((part) => part !== undefined)];
    if (kind === 'comment' || kind === 'module') {
      continue;
    }
    tokens += 1;
    const first = source.slice(0, match.index).split('\n').length;
    match[0]
      .trimEnd()
      .split('\n')
      .forEach((line, more) => line.trim() && lines.add(first + more));
  }
  return { lines: lines.size, tokens };
}

const sum = (counts) => counts.reduce((all, { lines, tokens }) => [all[0] + lines, all[1] + tokens], [0, 0]);

const table = ['| server | written with | lines | tokens |', '| --- | --- | --: | --: |'];
const row = (server, peer, files) => table.push(`| ${[server, peer, ...sum(files.map(count))].join(' | ')} |`);
for (const [server, peers] of Object.entries(SERVERS)) {
  for (const [peer, files] of Object.entries(peers)) {
    row(server, peer, files);
  }
}
for (const peer of ['here', 'rmcp', 'FastMCP']) {
  row(
    'the first three',
    peer,
    ['hello', 'sales', 'refund'].flatMap((server) => SERVERS[server][peer]),
  );
}
console.log(table.join('\n'));

const [page] = process.argv.slice(2);
if (page !== undefined && !readFileSync(page, 'utf8').includes(table.join('\n'))) {
  console.error(`${page} has other numbers`);
  process.exitCode = 1;
}
