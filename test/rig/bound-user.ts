import { chmodSync, chownSync, copyFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { tempFolder } from './temp-folder.ts';

/** `nobody` wherever there is one; it needs no entry in any table of users. */
const nobody = 65_534;

/** Whom permissions bind: another user where the tests are run by root, and else the one who runs them. */
export const boundUser: { readonly uid?: number; readonly gid?: number } = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

/** A copy of a program that every user can read, also where the project lies in a private folder. */
export function copyForAnybody(program: string): string {
  const folder = tempFolder();
  chmodSync(folder, 0o755);
  const copy = path.join(folder, path.basename(program));
  copyFileSync(program, copy);
  return copy;
}

/** Gives a folder to the bound user. */
export function giveToBoundUser(folder: string): void {
  if (boundUser.uid !== undefined && boundUser.gid !== undefined) chownSync(folder, boundUser.uid, boundUser.gid);
}

/** Lets nobody who is bound by permissions write into a folder until the test is over, so that it can be removed then. */
export function makeReadOnly(folder: string): void {
  chmodSync(folder, 0o555);
  onTestFinished(() => {
    chmodSync(folder, 0o755);
  });
}
