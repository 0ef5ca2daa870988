// Follows the guide in an empty folder, page by page, as its reader would, and compares what it prints.
//
// `node guide/follow.mjs [PAGE]...` follows the pages that are named, or all in the order of the guide. The crates come by path,
// in the versions of the workspace's lock file; builds go into the workspace's target directory; port 8000 is a free one.

import { execFile } from 'node:child_process';
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { INSPECTOR, NODE, WORKSPACE, freePort, launch, start } from '../processes.mjs';
import { matches, steps } from './steps.mjs';

const run = promisify(execFile);

const GUIDE = join(WORKSPACE, 'docs/guide');
const LOCK = join(WORKSPACE, 'Cargo.lock');
const PORT = '8000';
const MINUTES = 10;

const begun = Date.now();
const seconds = () => ((Date.now() - begun) / 1000).toFixed(1).padStart(6);

/** The pages in the order of the guide. */
async function pages() {
  const index = await readFile(join(GUIDE, 'README.md'), 'utf8');
  return [...index.matchAll(/^\d+\. \[.*?\]\((\S+?)\)/gm)].map(([, page]) => page);
}

/** The reader: an empty folder, and a shell that remembers where it is and what was exported. */
class Reader {
  #folder;
  #shell;
  #versions;
  #port;
  #server;

  static async sitDown() {
    const reader = new Reader();
    reader.#folder = await mkdtemp(join(tmpdir(), 'mcp-guide-'));
    reader.#shell = join(reader.#folder, '.shell');
    // Of several versions of a crate, the workspace's own is the newest, which comes last.
    const locked = (await readFile(LOCK, 'utf8')).matchAll(/^name = "(.*)"\nversion = "(.*)"/gm);
    reader.#versions = Object.fromEntries([...locked].map(([, name, version]) => [name, version]));
    await writeFile(reader.#shell, `cd '${reader.#folder}'\n`);
    return reader;
  }

  async leave() {
    await this.stop();
    await rm(this.#folder, { recursive: true });
  }

  async openPage() {
    this.#port = `${await freePort()}`;
  }

  get #environment() {
    return {
      PATH: `${dirname(NODE)}:${process.env.PATH}`,
      CARGO_TARGET_DIR: undefined,
      CARGO_TERM_COLOR: 'never',
      // What a page prints is what its reader sees, whoever runs this.
      RUST_LOG: undefined,
      RUST_BACKTRACE: undefined,
      NO_COLOR: '1',
    };
  }

  /** A command of a page as it is run here. */
  #command(text) {
    const here = text
      .replaceAll(PORT, this.#port)
      .replaceAll('npx @modelcontextprotocol/inspector', `node '${INSPECTOR}'`)
      .replaceAll(/(\S+) --git (\S+)/g, (_, name) => `${name} --path '${join(WORKSPACE, name)}'`)
      .replaceAll(/cargo add ([a-z_-]+)(?= --features|$)/gm, (_, name) => `cargo add ${name}@${this.#versions[name]}`);
    return `. '${this.#shell}'\nset -eo pipefail\nexport MCP_BIND=127.0.0.1:${this.#port}\n${here}`;
  }

  async project() {
    return (await readFile(this.#shell, 'utf8')).match(/^cd '(.*)'$/m)[1];
  }

  async write({ file, text, added }) {
    const path = join(await this.project(), file);
    await mkdir(dirname(path), { recursive: true });
    await (added ? appendFile(path, `\n${text}`) : writeFile(path, text));
  }

  /** Runs a command to its end and gives what it wrote to standard output. */
  async run(command) {
    const kept = `trap 'code=$?; { export -p; echo "cd '"'"'$PWD'"'"'"; } >"${this.#shell}"; exit $code' EXIT\n`;
    const options = { env: { ...process.env, ...this.#environment }, timeout: MINUTES * 60_000, maxBuffer: 1 << 24 };
    try {
      const { stdout } = await run('bash', ['-c', kept + this.#command(command)], options);
      await this.#share();
      return stdout.replaceAll(this.#port, PORT);
    } catch (error) {
      throw new Error(`${error.killed ? 'not done in time' : `exit code ${error.code}`}\n${error.stdout}\n${error.stderr}`);
    }
  }

  /** A new project shares what the workspace has built, and the versions of its dependencies. */
  async #share() {
    const project = await this.project();
    if (existsSync(join(project, 'Cargo.toml')) && !existsSync(join(project, 'target'))) {
      const shared = resolve(WORKSPACE, process.env.CARGO_TARGET_DIR ?? 'target');
      await mkdir(shared, { recursive: true });
      await symlink(shared, join(project, 'target'));
      await copyFile(LOCK, join(project, 'Cargo.lock'));
    }
  }

  /** Starts a command that goes on, once what it has to build is built. */
  async serve(command) {
    await this.stop();
    if (command.includes('cargo run')) {
      await this.run('cargo build -q');
    }
    const shell = ['bash', '-c', this.#command(command)];
    this.#server = await start(command.trim(), Number(this.#port), shell, this.#environment);
  }

  async stop() {
    await this.#server?.stop();
    this.#server = undefined;
  }
}

async function follow(reader, page) {
  console.log(`\n${seconds()}  ${page}`);
  await reader.openPage();
  for (const step of steps(await readFile(join(GUIDE, page), 'utf8'))) {
    const { line, file, prints } = step;
    const command = step.run ?? step.serve;
    console.log(`${seconds()}  ${line}: ${file ?? command?.trim().replaceAll('\n', '\n           ') ?? 'Ctrl-C'}`);
    try {
      done.files += file === undefined ? 0 : 1;
      done.commands += command === undefined ? 0 : 1;
      if (file !== undefined) {
        await reader.write(step);
      } else if (step.serve !== undefined) {
        await reader.serve(command);
      } else if (step.run !== undefined) {
        const output = await reader.run(command);
        if (prints !== undefined && !matches(prints, output)) {
          throw new Error(`the page prints\n${prints}\nand it printed\n${output}`);
        }
        if (prints !== undefined) {
          done.outputs += 1;
          console.log(output.trimEnd().replace(/^/gm, '           | '));
        }
      } else {
        await reader.stop();
      }
    } catch (error) {
      throw new Error(`${page}, line ${line}: ${error.message}`);
    }
  }
  await reader.stop();
}

const named = process.argv.slice(2);
const done = { files: 0, commands: 0, outputs: 0 };
const reader = await Reader.sitDown();
try {
  for (const page of named.length > 0 ? named : await pages()) {
    await follow(reader, page);
  }
  const { files, commands, outputs } = done;
  console.log(`${seconds()}  the end: ${files} files, ${commands} commands, ${outputs} outputs compared`);
} catch (error) {
  console.error(`FAIL ${error.message}`);
  process.exitCode = 1;
} finally {
  await reader.leave();
}
