import { expandOperation, type JsonObject } from 'dynamics365-connector';
import { runContractTests } from 'dynamics365-connector/authoring';
import { createIdMatcher, runtimeOf } from 'dynamics365-connector/host';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { optionalObject, parseBody, readText, requireText } from '../../request-body.ts';
import { hangUpSignal, type ServiceContext, type ServiceEnv } from '../../request-context.ts';
import { type AuthorConnector, openAuthorConnector } from './author-connector.ts';
import { type AuthorFiles, openAuthorFiles } from './author-files.ts';
import type { AuthorOptions, AuthorServices } from './author-options.ts';
import { createCatalog } from './catalog.ts';
import { createDraftRuns, type DraftRuns } from './draft-runs.ts';
import type { LanguageSessions } from './language-sessions.ts';
import { createFile, learnTable } from './new-files.ts';

export interface AuthorParts extends AuthorOptions {
  readonly languages: LanguageSessions;
}

/** `/console/api/author`: the files of the author's own connector, their catalog, runs and tests. */
export function createAuthorRoutes(parts: AuthorServices, author: AuthorParts): Hono<ServiceEnv> {
  const files = openAuthorFiles(author.folder);
  const connector = openAuthorConnector(parts, author, files);
  return new Hono<ServiceEnv>()
    .route('/', createFileRoutes(parts, author, files))
    .route('/', createOperationRoutes(author, connector))
    .route('/', createRunRoutes(connector, createDraftRuns(parts, connector, files)))
    .get('/language', (context) => streamLanguage(author.languages, context))
    .post('/language/:id', async (context) => {
      author.languages.send(context.req.param('id'), await readText(context));
      return context.body(null, 204);
    });
}

function createFileRoutes(parts: AuthorServices, author: AuthorParts, files: AuthorFiles): Hono<ServiceEnv> {
  return new Hono<ServiceEnv>()
    .get('/files', (context) => context.json({ folder: author.folder, files: files.list() }))
    .get('/files/:file', async (context) => context.json(await files.read(context.req.param('file'))))
    .put('/files/:file', async (context) => {
      const body = parseBody(await readText(context));
      const text = typeof body.text === 'string' ? body.text : requireText(body, 'text');
      return context.json(await files.replace(context.req.param('file'), text, requireText(body, 'hash')));
    })
    .post('/files', async (context) => {
      const body = parseBody(await readText(context));
      const wanted = { kind: requireText(body, 'kind'), name: requireText(body, 'name') };
      return context.json(await createFile(author, files, wanted), 201);
    })
    .post('/tables', async (context) => {
      const body = parseBody(await readText(context));
      const wanted = { connection: requireText(body, 'connection'), table: requireText(body, 'table') };
      return context.json(await learnTable(parts, { author, files }, wanted), 201);
    });
}

function createOperationRoutes({ folder }: AuthorParts, connector: AuthorConnector): Hono<ServiceEnv> {
  const search = createCatalog();
  return new Hono<ServiceEnv>()
    .get('/operations', async (context) => {
      const operations = search(await connector.open(), context.req.query('search') ?? '');
      return context.json({ operations });
    })
    .get('/operations/:id', async (context) => {
      const id = context.req.param('id');
      const { actions } = runtimeOf(await connector.open()).definition;
      const yaml = await expandOperation(id, { manifest: folder });
      const { input, effects } = actions[id] ?? {};
      return context.json({ id, yaml, input, effects } as unknown as JsonObject);
    });
}

function createRunRoutes(connector: AuthorConnector, runs: DraftRuns): Hono<ServiceEnv> {
  return new Hono<ServiceEnv>()
    .post('/runs', async (context) => {
      const body = parseBody(await readText(context));
      const run = {
        action: requireText(body, 'action'),
        connection: requireText(body, 'connection'),
        input: optionalObject(body.input, 'input') ?? {},
        signal: hangUpSignal(context),
      };
      return context.json(await runs.run(run));
    })
    .post('/runs/:id/test', async (context) => {
      const body = parseBody(await readText(context));
      return context.json(await runs.record(context.req.param('id'), requireText(body, 'name')), 201);
    })
    .post('/tests', async (context) => {
      const pattern = requireText(parseBody(await readText(context)), 'pattern');
      const { definition, validator } = runtimeOf(await connector.open());
      const accepts = createIdMatcher(pattern);
      const results: JsonObject[] = [];
      for await (const result of runContractTests({ definition, validator }, accepts))
        results.push(result as unknown as JsonObject);
      return context.json({ results });
    });
}

/** The messages of a language server as server-sent events. The first event has the id of the session. */
function streamLanguage(languages: LanguageSessions, context: ServiceContext): Response {
  return streamSSE(context, async (stream) => {
    const queue: string[] = [];
    let wake = () => {};
    let isOpen = true;
    const end = () => {
      isOpen = false;
      wake();
    };
    const session = languages.open((message) => {
      queue.push(message);
      wake();
    }, end);
    stream.onAbort(end);
    await stream.writeSSE({ event: 'session', data: session.id });
    while (isOpen) {
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        await stream.writeSSE({ data: next });
      if (isOpen && queue.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    session.close();
  });
}
