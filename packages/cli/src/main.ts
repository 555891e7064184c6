#!/usr/bin/env node
import { createProgram } from './program.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`d365 needs Node.js 22.13 or newer; this is ${process.versions.node}.\n`);
  process.exit(8);
}
// Whoever reads us (`| head`) may have read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
// Notes that nobody reads change nothing.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await createProgram({ stdout: process.stdout, stderr: process.stderr }).run(
  process.argv.slice(2),
);
