import type { JsonObject } from 'dynamics365-connector';
import { type Probe, type ProbeContext, type ProbeResult, undecided } from './probe.ts';

/** Batches, blocks of files, pages of FetchXML, and actions that nobody has shown to work. */
export const requestProbes: readonly Probe[] = [
  {
    assumption: 'batchErrors',
    question: 'Does a batch with odata.continue-on-error continue after a failed part?',
    writes: false,
    async run({ send, newId }) {
      const boundary = `batch_${newId()}`;
      const part = (path: string) =>
        `--${boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET ${path} HTTP/1.1\r\nAccept: application/json\r\n\r\n\r\n`;
      const text = `${part(`systemusers(${newId()})?$select=systemuserid`)}${part('WhoAmI')}--${boundary}--\r\n`;
      const contentType = `multipart/mixed; boundary="${boundary}"`;
      const prefer = 'odata.continue-on-error';
      const { body, status } = await send({
        method: 'POST',
        path: '$batch',
        prefer,
        contentType,
        body: text,
      });
      const responses = String(body).match(/HTTP\/1\.1 \d{3}/g) ?? [];
      if (responses.length === 0) return undecided({ status });
      return { reading: responses.length === 2 ? 'continued' : 'stopped' };
    },
  },
  {
    assumption: 'fetchPageSize',
    question: 'Does odata.maxpagesize limit the pages of FetchXML?',
    writes: false,
    async run({ send }) {
      const xml = '<fetch><entity name="systemuser"><attribute name="systemuserid"/></entity></fetch>';
      const path = `systemusers?fetchXml=${encodeURIComponent(xml)}`;
      const { body, status } = await send({ path, prefer: 'odata.maxpagesize=1' });
      const rows = ((body ?? {}) as { readonly value?: readonly JsonObject[] }).value;
      if (rows === undefined) return undecided({ status });
      if (rows.length > 1) return { reading: 'ignored' };
      const all = await send({ path: 'systemusers/$count' });
      return Number(all.body) > 1
        ? { reading: 'respected' }
        : { reading: undefined, note: 'The organization has one user.' };
    },
  },
  {
    assumption: 'routing',
    question: 'Does the organization have the action RouteTo?',
    writes: false,
    async run({ send, newId }) {
      const Target = { '@odata.type': 'Microsoft.Dynamics.CRM.queue', queueid: newId() };
      const QueueItem = { '@odata.type': 'Microsoft.Dynamics.CRM.queueitem', queueitemid: newId() };
      // Neither row exists, so nothing is routed; the error tells whether the action does.
      const { message = '', status } = await send({
        method: 'POST',
        path: 'RouteTo',
        body: { Target, QueueItem },
      });
      if (/Resource not found for the segment/.test(message)) return { reading: 'missing' };
      return /does not exist/i.test(message) ? { reading: 'supported' } : undecided({ status });
    },
  },
  {
    assumption: 'repeatedBlock',
    question: 'Does a block that is uploaded again with its BlockId replace the first one?',
    writes: true,
    run: uploadBlockTwice,
  },
];

async function uploadBlockTwice({ send, newId }: ProbeContext): Promise<ProbeResult> {
  const annotationid = newId();
  const post = async (path: string, body: JsonObject) => await send({ method: 'POST', path, body });
  const names = { filename: 'check.txt', mimetype: 'text/plain', subject: 'Check of assumptions' };
  const Target = { '@odata.type': 'Microsoft.Dynamics.CRM.annotation', annotationid, ...names };
  const opened = await post('InitializeAnnotationBlocksUpload', { Target });
  const { FileContinuationToken } = (opened.body ?? {}) as JsonObject;
  if (FileContinuationToken === undefined) return undecided(opened);
  const block = { BlockId: btoa('00000000'), BlockData: btoa('four'), FileContinuationToken };
  for (let times = 0; times < 2; times++) await post('UploadBlock', block);
  const BlockList = [block.BlockId];
  const saved = await post('CommitAnnotationBlocksUpload', { Target, BlockList, FileContinuationToken });
  await send({ method: 'DELETE', path: `annotations(${annotationid})` });
  const { FileSizeInBytes: size } = (saved.body ?? {}) as JsonObject;
  if (size === 4) return { reading: 'replaced' };
  return size === 8 ? { reading: 'added' } : undecided(saved);
}
