# programs.ai-trace for home-manager. Its argument: the packages of flake.nix, by system.
packages:
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.programs.ai-trace;
  own = packages.${pkgs.stdenv.hostPlatform.system};
  toml = pkgs.formats.toml { };
  # What Alloy wants to be told for components that are not generally available.
  stability = {
    persistent-queue = "public-preview";
    native-metrics = "experimental";
  };
  templates = "${cfg.package}/lib/node_modules/ai-trace/templates";
in
{
  options.programs.ai-trace = {
    enable = lib.mkEnableOption "ai-trace";

    package = lib.mkOption {
      type = lib.types.package;
      default = own.ai-trace;
      defaultText = lib.literalMD "the package of this flake";
      description = "ai-trace itself.";
    };

    clis = lib.mkOption {
      type = lib.types.listOf (
        lib.types.enum [
          "codex"
          "gemini"
          "claude"
        ]
      );
      default = [ ];
      example = [ "codex" ];
      description = "CLIs to install, in the versions that this flake pins. Those you have already need not be here.";
    };

    aliases = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether codex, gemini and claude mean `ai-trace codex` and so on in your shells.";
    };

    settings = lib.mkOption {
      inherit (toml) type;
      default = { };
      example = {
        forward = [ "http://127.0.0.1:4318" ];
        budget = 5;
      };
      description = "What stands in config.toml.";
    };

    alloy = {
      enable = lib.mkEnableOption "Grafana Alloy as a service of yours, with a template of ai-trace";

      package = lib.mkOption {
        type = lib.types.package;
        default = pkgs.grafana-alloy;
        defaultText = lib.literalExpression "pkgs.grafana-alloy";
        description = "Grafana Alloy, 1.19 or newer.";
      };

      variant = lib.mkOption {
        type = lib.types.enum [
          "single-user"
          "team"
          "persistent-queue"
          "native-metrics"
          "grafana-cloud"
        ];
        default = "single-user";
        description = "Which of the templates; see `ai-trace template`.";
      };

      environment = lib.mkOption {
        type = lib.types.attrsOf lib.types.str;
        default = { };
        example = {
          TEMPO_OTLP_ENDPOINT = "http://127.0.0.1:14318";
        };
        description = "Its variables, none of them secret: they stand in the Nix store.";
      };

      environmentFile = lib.mkOption {
        type = lib.types.nullOr lib.types.str;
        default = null;
        example = "/home/you/.config/ai-trace/alloy.env";
        description = "A file of further variables, for tokens.";
      };
    };
  };

  config = lib.mkIf cfg.enable {
    home.packages = [ cfg.package ] ++ map (name: own.${name}) cfg.clis;

    home.shellAliases = lib.mkIf cfg.aliases {
      codex = "ai-trace codex";
      gemini = "ai-trace gemini";
      claude = "ai-trace claude";
    };

    xdg.configFile = lib.mkIf (cfg.settings != { }) {
      "ai-trace/config.toml".source = toml.generate "ai-trace-config.toml" cfg.settings;
    };

    systemd.user.services.ai-trace-alloy = lib.mkIf cfg.alloy.enable {
      Unit.Description = "Grafana Alloy for ai-trace";
      Install.WantedBy = [ "default.target" ];
      Service = {
        ExecStart = lib.concatStringsSep " " [
          "${cfg.alloy.package}/bin/alloy run --disable-reporting"
          "--stability.level=${stability.${cfg.alloy.variant} or "generally-available"}"
          "--storage.path=%S/ai-trace-alloy"
          "${templates}/alloy/${cfg.alloy.variant}.alloy"
        ];
        StateDirectory = "ai-trace-alloy";
        Environment = lib.mapAttrsToList (name: value: "${name}=${value}") cfg.alloy.environment;
        EnvironmentFile = lib.mkIf (cfg.alloy.environmentFile != null) cfg.alloy.environmentFile;
        Restart = "on-failure";
      };
    };
  };
}
