import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The user of the operating system that PostgreSQL runs as; undefined: whoever runs this process. */
export interface SystemAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root. Root therefore runs it as the user of this name, made where it does not exist.
 *
 * @throws Error where the user cannot be made.
 */
export async function unprivilegedAccount(name = 'postgres'): Promise<SystemAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await lookUp(name);
  if (existing) return existing;
  try {
    await run('groupadd', ['--force', '--system', name]);
    await run('useradd', ['--system', '--gid', name, '--no-create-home', '--shell', '/usr/sbin/nologin', name]);
  } catch (error) {
    throw new Error(
      `PostgreSQL does not run as root, and the user "${name}" could not be made; ` +
        'make it by hand, start as an ordinary user, or set DATABASE_URL',
      { cause: error },
    );
  }
  const made = await lookUp(name);
  if (!made) throw new Error(`the user "${name}" was made, but the system does not find it`);
  return made;
}

async function lookUp(name: string): Promise<SystemAccount | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}
