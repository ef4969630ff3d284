import type { UnreadTasks } from '../engine/engine-event.ts';
import { systemErrorCode } from './system-error-code.ts';
import { systemErrorText } from './system-error-text.ts';

/** Tells why tasks cannot be read. @param called the file, as it is named in messages */
export function explainUnreadTasks(error: unknown, called: string): UnreadTasks {
  const code = systemErrorCode(error);
  switch (code) {
    case 'ENOENT':
      return {
        message: `${called} does not exist`,
        hint: called === '`-`' ? 'for standard input write `tasks: { stdin: lines }`' : 'correct the path, which begins at the `working_dir` of the pool, or let its `depends_on` name the process that makes the file',
      };
    case 'EISDIR':
      return { message: `${called} is a folder`, hint: 'for a task per file of a folder write `tasks: { glob: "FOLDER/*" }`' };
    case 'EACCES':
      return { message: `permission to read ${called} is denied`, hint: 'whoever runs mpctl must be permitted to read it, and to enter the folders above it' };
    default:
      return { message: code === null ? systemErrorText(error) : `${called}: ${systemErrorText(error)}`, hint: null };
  }
}
