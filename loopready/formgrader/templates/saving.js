// A save tells the server what the page had seen. Where the gradebook says something else by now, nothing is written,
// and a line shows both. A save that fails in another way says so in the same place, where nbgrader's page shows a
// wheel that turns for ever.
(function () {
  "use strict";

  var kinds = {
    grade: {model: Grade, view: GradeUI, fields: ["manual_score", "extra_credit"], input: ".score"},
    comment: {model: Comment, view: CommentUI, fields: ["manual_comment"], input: ".comment"}
  };

  _.each(kinds, function (kind) {
    var initialize = kind.view.prototype.initialize;

    kind.model.prototype.initialize = function () {
      this.seen = _.pick(this.attributes, kind.fields);
      this.on("sync", function (model, answer) {
        var said = typeof answer === "string" ? JSON.parse(answer) : answer;
        this.seen = _.pick(said, kind.fields);
      });
    };

    kind.model.prototype.sync = function (method, model, options) {
      if (method === "update") {
        options.attrs = _.extend(model.toJSON(options), {seen: model.seen});
      }
      return Backbone.sync(method, model, options);
    };

    kind.view.prototype.initialize = function () {
      initialize.apply(this, arguments);
      this.listenTo(this.model, "error", notSaved);
      this.listenTo(this.model, "sync", function () { line(this).remove(); });
    };

    function line(view) {
      return view.$el.find(".loopready-unsaved[data-field='" + kind.fields[0] + "']");
    }

    function notSaved(model, answer) {
      var view = this, said = {};
      try { said = JSON.parse(answer.responseText); } catch (error) { /* no answer, or a page */ }
      line(view).remove();
      view.$glyph.stop(true, true).hide();
      var shown = $("<div/>").addClass("alert alert-warning loopready-unsaved").attr("role", "alert")
        .attr("data-field", kind.fields[0])
        .text(said.message || "Not saved: the server does not answer. What you entered is still here.");
      if (said.now) {
        var theirs = _.pick(said.now, kind.fields);
        shown.append(button("Save mine", function () { model.seen = theirs; model.save(); }));
        shown.append(button("Take theirs", function () {
          model.seen = theirs;
          model.set(said.now);
          view.render();
          line(view).remove();
        }));
      } else {
        shown.append(button("Try again", function () { model.save(); }));
      }
      view.$el.find(kind.input).closest(".panel-heading, .panel-footer").after(shown);
    }
  });

  function button(text, pressed) {
    return $("<button/>").attr("type", "button").addClass("btn btn-default btn-xs").text(text).click(pressed);
  }
})();
