import { tool as langChainTool, type StructuredToolInterface } from '@langchain/core/tools';
import { generateText, jsonSchema, stepCountIs, type ToolSet, tool } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { createTools, type ModelToolsConfig, toAiSdkTools, toLangChainTools } from '../src/tools.ts';

describe('tools of AI kits', () => {
  let fixture: SandboxClient;
  let customer: JsonObject;
  before(async () => {
    fixture = await openSandboxClient();
    const { output } = await fixture.client.run('account.create', { name: 'Fabrikam' });
    customer = { table: 'account', id: (output as JsonObject).id! };
  });
  after(() => fixture.close());

  const permissions = { writes: true, deletes: true };
  const open = (options: Partial<ModelToolsConfig> = {}) =>
    createTools({ connector: fixture.connector, client: fixture.client, permissions, ...options });
  const createCase = async (title: string) =>
    ((await fixture.client.run('case.create', { title, customer })).output as JsonObject).id as string;

  /** A model that calls one tool and then answers with a text. */
  const modelThatCalls = (toolName: string, input: JsonObject) => {
    let step = 0;
    const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
    return new MockLanguageModelV4({
      doGenerate: async () => {
        step += 1;
        const content =
          step === 1
            ? [{ type: 'tool-call', toolCallId: '1', toolName, input: JSON.stringify(input) }]
            : [{ type: 'text', text: 'done' }];
        const finishReason = { unified: step === 1 ? 'tool-calls' : 'stop', raw: undefined };
        return { content, finishReason, usage, warnings: [] } as never;
      },
    });
  };

  it('AI SDK: a model finds an action and runs a tool', async () => {
    const tools = toAiSdkTools<ToolSet[string]>(open(), { jsonSchema, tool });
    const { text, steps } = await generateText({
      model: modelThatCalls('case_create', { title: 'From a model', customer }),
      tools,
      stopWhen: stepCountIs(3),
      prompt: 'Log a case.',
    });
    expect(text).to.equal('done');
    const [{ toolResults } = { toolResults: [] }] = steps;
    expect(toolResults).to.have.length(1);
    expect(toolResults[0]).to.have.nested.property('output.output.title', 'From a model');
  });

  it('AI SDK: a deletion waits for the approval of the user', async () => {
    const id = await createCase('Kept until approved');
    const tools = toAiSdkTools<ToolSet[string]>(open(), { jsonSchema, tool });
    const { content } = await generateText({
      model: modelThatCalls('run_action', { action: 'case.delete', input: { id } }),
      tools,
      stopWhen: stepCountIs(3),
      prompt: 'Delete the case.',
    });
    expect(content.map(({ type }) => type)).to.include('tool-approval-request');
    const { output } = await fixture.client.run('case.get', { id });
    expect(output).to.include({ id });
  });

  it('LangChain: a tool runs, and a deletion asks first', async () => {
    const id = await createCase('Deleted after approval');
    const questions: string[] = [];
    const approve = (question: string) => {
      questions.push(question);
      return questions.length > 1;
    };
    const tools = toLangChainTools<StructuredToolInterface>(open({ approve }), { tool: langChainTool });
    const invoke = async (name: string, input: object) =>
      JSON.parse(String(await tools.find((one) => one.name === name)!.invoke(input as never))) as JsonObject;
    expect(await invoke('case_get', { id })).to.have.nested.property(
      'output.title',
      'Deleted after approval',
    );
    const found = await invoke('find_actions', { query: 'close ticket' });
    expect(found).to.have.nested.property('actions[0].id', 'case.resolve');
    const deletion = { action: 'case.delete', input: { id } };
    expect((await invoke('run_action', deletion)).error).to.match(/^ACTION_NOT_ALLOWED/);
    expect(questions[0]).to.include('DELETES').and.to.include('Deleted after approval');
    expect(await invoke('run_action', deletion)).to.deep.equal({ output: null });
    expect((await invoke('case_get', { id })).error).to.match(/^NOT_FOUND[\s\S]*\nNext: /);
  });

  it('rejects a deletion without a way to ask, and is read-only by default', async () => {
    const id = await createCase('Kept');
    const run = (tools: ReturnType<typeof createTools>, input: JsonObject) =>
      tools.find(({ name }) => name === 'run_action')!.run(input);
    expect((await run(open(), { action: 'case.delete', input: { id } })).error).to.include('must approve');
    const readOnly = open({ permissions: undefined });
    expect(readOnly.map(({ name }) => name))
      .to.include('case_search')
      .and.not.include('case_create');
    const created = await run(readOnly, { action: 'case.create', input: { title: 'x', customer } });
    expect(created.error).to.match(/^ACTION_NOT_ALLOWED/);
  });
});
