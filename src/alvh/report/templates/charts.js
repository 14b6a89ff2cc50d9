(function () {
  "use strict";
  var page = JSON.parse(document.getElementById("page-data").textContent);
  var narrow = window.matchMedia("(max-width: 820px)").matches;
  var grid = "#eceff2", ink = "#1b1f24", soft = "#566070";
  function column(value) {
    return typeof value === "string" && value.charAt(0) === "@" ? page.columns[value.slice(1)] : value;
  }
  function axis(own, base) {
    return Object.assign({ gridcolor: grid, zerolinecolor: "#b8c0ca", linecolor: soft, tickcolor: soft,
      ticks: "outside", ticklen: 3, automargin: true, tickfont: { size: 11.5, color: soft },
      hoverformat: base.hoverformat }, base, own || {},
      own && own.title ? { title: { text: own.title.text, font: { size: 12, color: soft }, standoff: 8 } } : {});
  }
  function layout(figure) {
    var own = figure.layout, picks = own.xaxis && own.xaxis.rangeselector;
    if (picks && narrow) { Object.assign(picks, { x: 0, xanchor: "left", y: 1.12 }); }
    return Object.assign({ hovermode: "x unified" }, own, {
      height: figure.height + (narrow ? 20 : 0),
      margin: { l: 56, r: 12, t: picks ? (narrow ? 84 : 62) : 34, b: 36 },
      paper_bgcolor: "#fff", plot_bgcolor: "#fff",
      font: { family: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif", size: 12.5, color: ink },
      legend: { orientation: "h", x: 0, y: 1.0, yanchor: "bottom", font: { size: 12 } },
      hoverlabel: { font: { size: 12 } },
      xaxis: axis(own.xaxis, { hoverformat: "%d %b %Y", showgrid: false }),
      yaxis: axis(own.yaxis, {})
    });
  }
  function follow(element, figure) {
    // The vertical range shows what lies inside the horizontal one.
    function fit() {
      var range = element.layout.xaxis.range, low = Infinity, high = -Infinity;
      var from = String(range[0]).slice(0, 10), to = String(range[1]).slice(0, 10);
      element.data.forEach(function (trace) {
        for (var i = 0; i < trace.x.length; i += 1) {
          var when = trace.x[i], value = trace.y[i];
          if (when !== null && value !== null && when >= from && when <= to) {
            if (value < low) { low = value; }
            if (value > high) { high = value; }
          }
        }
      });
      if (low < high) {
        var room = 0.04 * (high - low);
        return window.Plotly.relayout(element, { "yaxis.range": [low - room, high + room] });
      }
    }
    element.on("plotly_relayout", function (change) {
      if (Object.keys(change).some(function (key) { return key.indexOf("xaxis") === 0; })) { fit(); }
    });
    return fit();
  }
  page.figures.forEach(function (figure) {
    var element = document.getElementById("chart-" + figure.key);
    var traces = figure.traces.map(function (trace) {
      return Object.assign({}, trace, { x: column(trace.x), y: column(trace.y) });
    });
    window.Plotly.newPlot(element, traces, layout(figure), { responsive: true, displaylogo: false, displayModeBar: narrow ? false : "hover",
      modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"] })
      .then(function () { if (figure.follow) { return follow(element, figure); } });
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
    page.figures.forEach(function (figure) { window.Plotly.Plots.resize(document.getElementById("chart-" + figure.key)); });
  });
}());
