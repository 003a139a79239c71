# ai-trace for Nix: the package, a module for home-manager, and the CLIs in versions of their own.
#
# Beside your own flake, as an input:
#   inputs.ai-trace.url = "git+file:///home/you/ai-trace?dir=templates/nix";
#   home-manager.users.you = {
#     imports = [ inputs.ai-trace.homeManagerModules.default ];
#     programs.ai-trace.enable = true;
#   };
# Written elsewhere with `ai-trace template nix --out DIR`: let `source` point to a checkout of ai-trace.
{
  description = "ai-trace: one word in front of codex, gemini or claude, and the session is traced";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    # The CLIs come from a nixpkgs of their own: `nix flake update clis` moves them and nothing else.
    clis.url = "github:NixOS/nixpkgs/nixos-unstable";
    # A relative path needs Nix 2.26.
    source = {
      url = "path:../..";
      flake = false;
    };
  };

  outputs =
    {
      self,
      nixpkgs,
      clis,
      source,
    }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      perSystem = nixpkgs.lib.genAttrs systems;
      cliPackages =
        system:
        let
          # Claude Code is not free software.
          pkgs = import clis {
            inherit system;
            config.allowUnfreePredicate = package: nixpkgs.lib.getName package == "claude-code";
          };
        in
        {
          codex = pkgs.codex;
          gemini = pkgs.gemini-cli;
          claude = pkgs.claude-code;
        };
    in
    {
      packages = perSystem (
        system:
        let
          ai-trace = nixpkgs.legacyPackages.${system}.callPackage ./package.nix { inherit source; };
        in
        cliPackages system
        // {
          inherit ai-trace;
          default = ai-trace;
        }
      );

      homeManagerModules.default = import ./home-manager.nix self.packages;
    };
}
