# ai-trace, built from a checkout.
{
  lib,
  buildNpmPackage,
  importNpmLock,
  nodejs,
  source,
}:
buildNpmPackage {
  pname = "ai-trace";
  inherit ((lib.importJSON (source + "/package.json"))) version;
  src = source;
  inherit nodejs;

  # The checksums of the lock file serve: there is no hash to keep up to date here.
  npmDeps = importNpmLock { npmRoot = source; };
  npmConfigHook = importNpmLock.npmConfigHook;
  # What has native parts is for the tests only.
  npmRebuildFlags = [ "--ignore-scripts" ];

  meta = {
    description = "Put one word in front of codex, gemini or claude and the session is traced";
    license = lib.licenses.mit;
    mainProgram = "ai-trace";
  };
}
