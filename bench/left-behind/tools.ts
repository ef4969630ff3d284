import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program that a tool is to run. */
export interface Program {
  readonly name: string;
  readonly argv: readonly string[];
}

/** How a tool is called to run some programs, all at once, none of them restarted, and to stop the others when one fails. */
export interface Tool {
  readonly name: string;
  /** Writes what it needs into the folder and gives its command line. */
  readonly command: (folder: string, programs: readonly Program[]) => readonly string[];
}

/** Where the tools are. */
export interface ToolPlaces {
  readonly mpctl: string;
  /** Folder of `concurrently` in `node_modules`. */
  readonly concurrently: string;
  /** Folder of `pm2` in `node_modules`. */
  readonly pm2: string;
}

/** mpctl and its peers, each as its documentation says for such a case. */
export function toolsAt(places: ToolPlaces): readonly Tool[] {
  return [
    {
      name: 'mpctl',
      command: (folder, programs) => {
        const processes = Object.fromEntries(programs.map(({ name, argv }) => [name, { command: argv }]));
        writeFileSync(join(folder, 'mpctl.yaml'), JSON.stringify({ processes }));
        return [process.execPath, places.mpctl, 'run'];
      },
    },
    {
      name: 'concurrently --kill-others-on-fail',
      command: (_, programs) => [
        process.execPath,
        join(places.concurrently, 'dist/bin/concurrently.js'),
        '--kill-others-on-fail',
        ...programs.map(({ argv }) => argv.map(quoted).join(' ')),
      ],
    },
    {
      name: 'pm2-runtime',
      command: (folder, programs) => {
        const apps = programs.map(({ name, argv: [script, ...args] }) => ({ name, script, args, interpreter: 'none', autorestart: false }));
        writeFileSync(join(folder, 'ecosystem.json'), JSON.stringify({ apps }));
        return [process.execPath, join(places.pm2, 'bin/pm2-runtime'), 'start', 'ecosystem.json'];
      },
    },
    {
      name: 'supervisord',
      command: (folder, programs) => {
        const sections = programs.map(({ name, argv }) => `[program:${name}]\ncommand=${argv.map(quoted).join(' ')}\nautorestart=false\nstartsecs=0\n`);
        writeFileSync(join(folder, 'supervisord.conf'), `[supervisord]\nnodaemon=true\nuser=root\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile=${join(folder, 'pid')}\n${sections.join('')}`);
        return ['supervisord', '-c', 'supervisord.conf'];
      },
    },
  ];
}

/** A word in quotes where it needs them: concurrently takes those away that are around a whole command. */
function quoted(word: string): string {
  if (/^[\w./-]+$/u.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
