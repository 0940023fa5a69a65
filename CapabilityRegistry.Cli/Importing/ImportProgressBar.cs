using Spectre.Console;
using Spectre.Console.Rendering;

namespace CapabilityRegistry.Cli.Importing;

/// <summary>Progress for a terminal.</summary>
internal sealed class ImportProgressBar : ImportProgress
{
    private const string Title = "Importing";

    private readonly ProgressTask _task;

    private ImportProgressBar(IAnsiConsole console, ProgressTask task)
        : base(console) => _task = task;

    public static Task ShowAsync(IAnsiConsole console, ImportTally tally, bool isEndKnown, Func<ImportProgress, Task> import)
    {
        var progress = console.Progress();
        progress.Columns(isEndKnown
            ? [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TallyColumn(tally)]
            : [new TaskDescriptionColumn(), new ProgressBarColumn(), new TallyColumn(tally)]);

        return progress.StartAsync(async context =>
        {
            var task = context.AddTask(Title, autoStart: true, maxValue: 1);
            task.IsIndeterminate = !isEndKnown;
            await import(new ImportProgressBar(console, task));
            task.Value = task.MaxValue;
        });
    }

    public override void Advance(double? share)
    {
        _task.Description = Title;
        if (share is { } known)
        {
            _task.Value = known;
        }
    }

    public override void Wait(string reason) => _task.Description = Shown.Markup(reason);

    private sealed class TallyColumn(ImportTally tally) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(Describe(tally));
    }
}
