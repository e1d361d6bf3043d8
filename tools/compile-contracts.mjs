// Compiles the Solidity contracts of ledger-adapter-ethereum and writes one JSON file per contract
// (ABI and bytecode) where the adapter finds it as a resource.
//
//   node tools/compile-contracts.mjs           writes the files
//   node tools/compile-contracts.mjs --check   fails where a committed file differs from the source
import {createRequire} from 'node:module';
import {existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const modules = process.env.ODAP_NODE_MODULES ?? join(here, 'node_modules');
const solc = createRequire(join(modules, 'index.js'))('solc');
const adapter = resolve(here, '..', 'ledger-adapter-ethereum');
const contracts = join(adapter, 'contracts');

// Where the compiled form of each source goes: the test tokens never ship.
const targets = {
  'OdapEscrow.sol': 'main',
  'OdapTitle.sol': 'main',
  'OdapCash.sol': 'main',
  'testing/FeeOnTransferCash.sol': 'test',
  'testing/ReentrantCash.sol': 'test',
};

const listed = [
  ...readdirSync(contracts).filter((name) => name.endsWith('.sol')),
  ...readdirSync(join(contracts, 'testing')).map((name) => `testing/${name}`),
];
for (const name of listed) {
  if (!(name in targets)) fail(`contracts/${name} has no target in compile-contracts.mjs`);
}

const input = {
  language: 'Solidity',
  sources: Object.fromEntries(
    listed.map((name) => [name, {content: readFileSync(join(contracts, name), 'utf8')}]),
  ),
  settings: {
    optimizer: {enabled: true, runs: 200},
    viaIR: true,
    // Besu and every public chain have had it since 2024; the reentrancy guard needs it.
    evmVersion: 'cancun',
    // Without this the bytecode would change with every comment.
    metadata: {bytecodeHash: 'none', appendCBOR: false},
    outputSelection: {'*': {'*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object']}},
  },
};

const output = JSON.parse(
  solc.compile(JSON.stringify(input), {
    import: (path) => {
      const file = join(modules, path);
      return existsSync(file) ? {contents: readFileSync(file, 'utf8')} : {error: `${path}: not found`};
    },
  }),
);
// A warning about a library's own source is the library's matter; an error anywhere is ours.
const problems = (output.errors ?? []).filter(
  (problem) =>
    problem.severity === 'error' ||
    (problem.severity === 'warning' && !problem.sourceLocation?.file.startsWith('@')),
);
if (problems.length > 0) fail(problems.map((problem) => problem.formattedMessage).join('\n'));

const check = process.argv.includes('--check');
let differing = 0;
for (const [source, set] of Object.entries(targets)) {
  const name = source.replace(/^.*\//, '').replace('.sol', '');
  const compiled = output.contracts[source][name];
  const runtimeBytes = compiled.evm.deployedBytecode.object.length / 2;
  const text =
    JSON.stringify({contract: name, compiler: solc.version(), abi: compiled.abi, bytecode: `0x${compiled.evm.bytecode.object}`}, null, 1) + '\n';
  const folder = join(adapter, 'src', set, 'resources', 'org', 'odap', 'ledger', 'ethereum', 'contracts');
  const file = join(folder, `${name}.json`);
  if (check) {
    const same = existsSync(file) && readFileSync(file, 'utf8') === text;
    if (!same) differing++;
    console.log(`${name}: ${same ? 'same' : 'DIFFERS from what is committed'}`);
  } else {
    mkdirSync(folder, {recursive: true});
    writeFileSync(file, text);
    console.log(`${name}: ${runtimeBytes} bytes of 24576`);
  }
}
if (differing > 0) fail('run: node tools/compile-contracts.mjs');

function fail(text) {
  console.error(text);
  process.exit(1);
}
