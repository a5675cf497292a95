import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

export const WORKSPACE = fileURLToPath(new URL('../../..', import.meta.url));

const BOUNDARY_RULES = ['@nx/enforce-module-boundaries', '@typescript-eslint/no-restricted-imports'];

/** The workspace's own ESLint configuration, without the rules that need a file to be there. */
export class WorkspaceLinter {
  readonly #eslint = new ESLint({ cwd: WORKSPACE, overrideConfig: [tseslint.configs.disableTypeChecked] });

  /**
   * Lints a file that does not exist, with one import in it.
   *
   * @param file where the file would be, from the root of the workspace
   * @returns what the boundary rules say
   */
  async import(file: string, specifier: string): Promise<readonly string[]> {
    const [result] = await this.#eslint.lintText(`import '${specifier}';\n`, { filePath: file });
    const messages = result?.messages ?? [];
    const fatal = messages.find((message) => message.fatal);
    // Without this a file that could not be parsed would pass for one that was let through.
    if (!result || fatal) throw new Error(`${file} was not linted: ${fatal?.message ?? 'it is ignored'}`);
    return messages.filter(({ ruleId }) => BOUNDARY_RULES.includes(ruleId ?? '')).map(({ message }) => message);
  }
}
