import { createProjectGraphAsync } from '@nx/devkit';

/** A project of the workspace, as Nx sees it. */
export interface Project {
  /** The name by which others import it. */
  readonly name: string;
  /** Its folder, from the root of the workspace. */
  readonly root: string;
  /** Those of its tags that arrows speak of. */
  readonly tags: readonly string[];
  /** Whether it exports anything; what exports nothing cannot be imported by its name. */
  readonly importable: boolean;
}

/** All projects of the workspace, read afresh. */
export async function readProjects(): Promise<readonly Project[]> {
  const { nodes } = await createProjectGraphAsync({ exitOnError: false });
  return Object.values(nodes).map(({ name, data }) => ({
    name,
    root: data.root,
    tags: (data.tags ?? []).filter((tag) => /^(type|lib):/.test(tag)),
    importable: data.metadata?.js?.packageExports !== undefined,
  }));
}
