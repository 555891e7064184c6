import { type Connector, ConnectorError, type Diagnostic, type HttpSender } from 'dynamics365-connector';
import { createValidator } from 'dynamics365-connector/authoring';
import { createConnector, runtimeOf } from 'dynamics365-connector/host';
import type { AuthorFiles } from './author-files.ts';
import type { AuthorOptions, AuthorServices } from './author-options.ts';

/** The author's connector as its files are now. */
export interface AuthorConnector {
  /** @throws MANIFEST_INVALID with all diagnostics */
  open(): Promise<Connector>;
}

/** Compiles the files of the author when they have changed. */
export function openAuthorConnector(
  { connector }: AuthorServices,
  { compile }: AuthorOptions,
  files: AuthorFiles,
): AuthorConnector {
  let last: { readonly fingerprint: string; readonly opened: Promise<Connector> } | undefined;
  const load = async (): Promise<Connector> => {
    const { definition, diagnostics } = await compile();
    if (definition === undefined) throw invalid(diagnostics);
    return createConnector({
      definition,
      validator: createValidator(),
      services: runtimeOf(connector).services,
    });
  };
  return {
    async open() {
      const fingerprint = await files.fingerprint();
      if (last?.fingerprint === fingerprint) return await last.opened;
      const opened = load();
      last = { fingerprint, opened };
      // What could not be compiled for another reason than the files is tried again.
      opened.catch(() => {
        if (last?.opened === opened) last = undefined;
      });
      return await opened;
    },
  };
}

function invalid(diagnostics: readonly Diagnostic[]): ConnectorError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const count = errors.length === 1 ? 'one error' : `${errors.length} errors`;
  return new ConnectorError('MANIFEST_INVALID', `The files of the folder have ${count}.`, { diagnostics });
}

/** The same connector with another sender, such as one that keeps what is sent. */
export function withSender(connector: Connector, send: HttpSender): Connector {
  const { definition, validator, services } = runtimeOf(connector);
  return createConnector({ definition, validator, services: { ...services, send } });
}
